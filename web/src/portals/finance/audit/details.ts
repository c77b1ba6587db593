/** What an entry of the audit log tells, as names and values for people. */

export interface Detail {
  name: string
  value: string
}

/** `note: null` says nothing; lists become words, and what is nested stays as it is written. */
export function detailsOf(details: Record<string, unknown>): Detail[] {
  return Object.entries(details).flatMap(([name, value]) => {
    if (value === null || value === undefined || value === '') return []
    return [{ name, value: wordsOf(value) }]
  })
}

function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(wordsOf).join(', ')
  return JSON.stringify(value)
}

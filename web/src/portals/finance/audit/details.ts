/** What an entry of the audit log tells, as names and values for people. */

interface Detail {
  name: string
  /** One, unless the entry has a list. */
  values: string[]
}

/** `note: null` says nothing; what is nested stays as it is written. */
export function detailsOf(details: Record<string, unknown>): Detail[] {
  return Object.entries(details).flatMap(([name, value]) => {
    if (value === null || value === undefined || value === '') return []
    return [{ name, values: (Array.isArray(value) ? (value as unknown[]) : [value]).map(textOf) }]
  })
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

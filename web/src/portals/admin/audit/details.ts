/** The details of an entry as rows, before somebody puts them into words. */

export type Details = Record<string, unknown>

export interface Row {
  name: string
  before?: unknown
  after: unknown
}

export function isObject(value: unknown): value is Details {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Permissions are a row each, so that one sees which of them was given or taken. */
function spread(details: unknown): Details {
  if (!isObject(details)) return {}
  const { permissions, ...rest } = details
  return isObject(permissions) ? { ...rest, ...permissions } : details
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

/** Values that were changed with the ones before, and then everything else. What is new has none before. */
export function toRows({ before, after, ...rest }: Details): { changes: Row[]; others: Row[] } {
  const [old, now, asked] = [spread(before), spread(after), spread(rest)]
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])]
  const changes = isObject(before)
    ? names
        .map((name) => ({ name, before: old[name], after: now[name] }))
        .filter((row) => !isSame(row.before, row.after))
    : []
  // A field that was left out of the request is `null` here, and what has come about as asked needs no second line.
  const others = Object.entries(isObject(before) ? asked : { ...asked, ...now })
    .map(([name, value]) => ({ name, after: value }))
    .filter((row) => row.after !== null)
    .filter((row) => !changes.some(({ name, after: value }) => name === row.name && isSame(value, row.after)))
  return { changes, others }
}

/** Ids of the API are TypeIDs: after the prefix, the first ten characters hold the milliseconds at which they were made. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

const shape = new RegExp(`^[a-z]+_([${alphabet}]{10})[${alphabet}]{16}$`)

/** When the thing with this id was made, as a time of the API; undefined for what is no id. */
export function timeOfId(id: string): string | undefined {
  const digits = shape.exec(id)?.[1]
  if (digits === undefined) return undefined
  const milliseconds = [...digits].reduce((sum, digit) => sum * 32 + alphabet.indexOf(digit), 0)
  const time = new Date(milliseconds)
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString()
}

/** The range of a list that holds what was made at this time and hardly anything else. */
export function momentOf(time: string | undefined): { start_time: string; end_time: string } | undefined {
  const start = new Date(time ?? '').getTime()
  if (Number.isNaN(start)) return undefined
  return { start_time: new Date(start).toISOString(), end_time: new Date(start + 1).toISOString() }
}

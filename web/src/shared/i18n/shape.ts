/** What a translation of the texts must have: the same keys, each with a text. */
export type SameKeys<T> = { [K in keyof T]: T[K] extends string ? string : SameKeys<T[K]> }

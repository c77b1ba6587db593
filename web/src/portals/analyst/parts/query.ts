/** What the figures are about, as the address says; every page of the portal reads the same parameters. */
import { addToDate, daysToRange, rangeToDays, today } from '@/shared/time'
import { textOf, useUrlState, type Search } from '@/shared/url-state'

export const kinds = ['operator', 'site', 'app'] as const
/** What figures can be told apart by. */
export type Kind = (typeof kinds)[number]

export const measures = ['cost', 'sessions', 'players'] as const
export type Measure = (typeof measures)[number]

export const parameterOf = { operator: 'operator_id', site: 'site_id', app: 'app_id' } as const

const filterNames = ['start_time', 'end_time', 'operator_id', 'site_id', 'app_id'] as const

/** The filters as every operation of analytics takes them. */
export interface AnalyticsQuery {
  start_time?: string
  end_time?: string
  operator_id?: string[]
  site_id?: string[]
  app_id?: string[]
}

function listOf(search: Search, name: string): string[] | undefined {
  const list = [search[name] ?? []].flat()
  return list.length > 0 ? list : undefined
}

export function queryOf(search: Search): AnalyticsQuery {
  return {
    start_time: textOf(search, 'start_time'),
    end_time: textOf(search, 'end_time'),
    operator_id: listOf(search, 'operator_id'),
    site_id: listOf(search, 'site_id'),
    app_id: listOf(search, 'app_id'),
  }
}

export function useAnalyticsQuery(): AnalyticsQuery {
  const [search] = useUrlState()
  return queryOf(search)
}

/** The filters for the address of another page, so that going there keeps what one looks at. */
export function filtersOf(search: Search): Search {
  return Object.fromEntries(
    filterNames.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]])),
  )
}

/** One of several values that the address remembers; the first one, or the given one, needs no mention there. */
export function useChoice<T extends string>(
  name: string,
  values: readonly [T, ...T[]],
  fallback: T = values[0],
): [T, (value: T) => void] {
  const [search, change] = useUrlState()
  const text = textOf(search, name)
  const value = values.find((known) => known === text) ?? fallback
  return [
    value,
    (next) => {
      change({ [name]: next === fallback ? undefined : next })
    },
  ]
}

const defaultDays = 30

/** The last days until today, as parameters; the API's own default needs none. */
export function lastDays(count: number): Search {
  if (count === defaultDays) return { start_time: undefined, end_time: undefined }
  const now = today()
  return daysToRange(addToDate(now, 1 - count), now)
}

/** The first and the last day that the figures cover. */
export function daysOf(query: AnalyticsQuery): [string, string] {
  const now = today()
  return rangeToDays(query) ?? [addToDate(now, 1 - defaultDays), now]
}

import { addToDate, daysToRange, rangeToDays, today } from '@/shared/time'
import { textOf, useUrlState } from '@/shared/url-state'

export interface Period {
  /** The first and the last day. */
  days: [string, string]
  range: { start_time: string; end_time: string }
}

/** The days that the address names; the last 30 unless it does, which are the API's own choice too. */
export function usePeriod(): Period {
  const [search] = useUrlState()
  const chosen = { start_time: textOf(search, 'start_time'), end_time: textOf(search, 'end_time') }
  const now = today()
  const days = rangeToDays(chosen) ?? [addToDate(now, -29), now]
  return { days, range: daysToRange(...days) }
}

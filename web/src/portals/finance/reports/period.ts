/** Which days a report is about, from the one or two days that somebody chose. */
import type { ReportType } from '@/api/generated'
import { addToDate, today } from '@/shared/time'

export interface Period {
  start_date: string
  end_date: string
}

/** The longest report, in days. */
const longest = 366

/** The Monday of the week; weeks begin on Mondays in every language. */
function mondayOf(date: string): string {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
  return addToDate(date, -((weekday + 6) % 7))
}

function monthOf(date: string): Period {
  const first = `${date.slice(0, 7)}-01`
  return { start_date: first, end_date: addToDate(addToDate(first, 1, 'month'), -1) }
}

/** The days of a report of this type that contains `start`; `end` counts for `custom` only. */
export function periodOf(type: ReportType, start: string, end: string): Period {
  if (type === 'daily') return { start_date: start, end_date: start }
  if (type === 'monthly') return monthOf(start)
  if (type === 'custom') return { start_date: start, end_date: end }
  const monday = mondayOf(start)
  return { start_date: monday, end_date: addToDate(monday, 6) }
}

/** What one most likely wants: the last day, week or month that is over, or the last 30 days. */
export function usualPeriod(type: ReportType, now: string = today()): Period {
  const yesterday = addToDate(now, -1)
  if (type === 'daily') return periodOf(type, yesterday, yesterday)
  if (type === 'weekly') return periodOf(type, addToDate(now, -7), now)
  if (type === 'monthly') return monthOf(addToDate(`${now.slice(0, 7)}-01`, -1))
  return { start_date: addToDate(now, -29), end_date: now }
}

type Preset = 'last7' | 'last30' | 'lastMonth' | 'thisYear'

export function presetPeriods(now: string = today()): [Preset, Period][] {
  return [
    ['last7', { start_date: addToDate(now, -6), end_date: now }],
    ['last30', { start_date: addToDate(now, -29), end_date: now }],
    ['lastMonth', usualPeriod('monthly', now)],
    ['thisYear', { start_date: `${now.slice(0, 4)}-01-01`, end_date: now }],
  ]
}

/** What is wrong with the days, if anything. */
export function flawOf({ start_date, end_date }: Period): 'endBeforeStart' | 'tooLong' | undefined {
  if (end_date < start_date) return 'endBeforeStart'
  return end_date > addToDate(start_date, longest - 1) ? 'tooLong' : undefined
}

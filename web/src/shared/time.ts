/** Times are read in the business time zone, wherever the browser is: "today" is the venue's day. */
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import timezone from 'dayjs/plugin/timezone'
import utc from 'dayjs/plugin/utc'

dayjs.extend(utc)
dayjs.extend(timezone)

/** The setting `business_timezone` has this default; no endpoint tells portals another one yet. */
export const businessZone = 'Asia/Shanghai'

const patterns = {
  date: 'YYYY-MM-DD',
  minute: 'YYYY-MM-DD HH:mm',
  exact: 'YYYY-MM-DD HH:mm:ss.SSS',
}

export function formatTime(instant: string, precision: keyof typeof patterns = 'minute'): string {
  return dayjs(instant).tz(businessZone).format(patterns[precision])
}

/** Today's date in the business time zone, `YYYY-MM-DD`. */
export function today(now: number | Date = Date.now()): string {
  return dayjs(now).tz(businessZone).format(patterns.date)
}

/** The date so many days (or months) after another. */
export function addToDate(date: string, count: number, unit: 'day' | 'month' = 'day'): string {
  return dayjs.utc(date).add(count, unit).format(patterns.date)
}

/** The instant at which the date begins in the business time zone, as requests carry it. */
export function startOfDate(date: string): string {
  return dayjs.tz(date, businessZone).toISOString()
}

/** What the API takes as a range of whole days: the start inclusive, the end exclusive. */
export function daysToRange(first: string, last: string): { start_time: string; end_time: string } {
  return { start_time: startOfDate(first), end_time: startOfDate(addToDate(last, 1)) }
}

/** The first and the last day of a range; undefined when it is none. */
export function rangeToDays(range: { start_time?: string; end_time?: string }): [string, string] | undefined {
  if (!range.start_time || !range.end_time) return undefined
  const end = new Date(range.end_time).getTime()
  if (Number.isNaN(end) || Number.isNaN(new Date(range.start_time).getTime())) return undefined
  return [formatTime(range.start_time, 'date'), formatTime(new Date(end - 1).toISOString(), 'date')]
}

/** Seconds as `1:02:03` or `12:34`. */
export function formatDuration(seconds: number): string {
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0'))
  const hours = Math.floor(seconds / 3600)
  return (hours > 0 ? [hours, ...parts] : parts).join(':')
}

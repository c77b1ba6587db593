import { describe, expect, it } from 'vitest'
import { addToDate, daysToRange, formatDuration, formatTime, rangeToDays, startOfDate, today } from './time'

describe('times', () => {
  it('are read in the business time zone', () => {
    expect(formatTime('2026-01-15T17:30:00.123Z')).toBe('2026-01-16 01:30')
    expect(formatTime('2026-01-15T17:30:00.123Z', 'exact')).toBe('2026-01-16 01:30:00.123')
    expect(today(new Date('2026-01-15T16:00:00Z'))).toBe('2026-01-16')
  })

  it('make ranges of whole days with an exclusive end', () => {
    const range = daysToRange('2026-02-27', '2026-02-28')
    expect(range).toEqual({ start_time: '2026-02-26T16:00:00.000Z', end_time: '2026-02-28T16:00:00.000Z' })
    expect(rangeToDays(range)).toEqual(['2026-02-27', '2026-02-28'])
  })

  it('have no days when the range is none', () => {
    expect(rangeToDays({ start_time: '2026-02-26T16:00:00.000Z' })).toBeUndefined()
    expect(rangeToDays({ start_time: 'x', end_time: 'y' })).toBeUndefined()
  })

  it('step over months and years', () => {
    expect(addToDate('2026-12-31', 1)).toBe('2027-01-01')
    expect(addToDate('2026-03-31', -1, 'month')).toBe('2026-02-28')
    expect(startOfDate('2026-01-01')).toBe('2025-12-31T16:00:00.000Z')
  })

  it('have durations that people read', () => {
    expect(formatDuration(0)).toBe('00:00')
    expect(formatDuration(754)).toBe('12:34')
    expect(formatDuration(3723)).toBe('1:02:03')
  })
})

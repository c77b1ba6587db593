import { describe, expect, it } from 'vitest'
import { flawOf, periodOf, presetPeriods, usualPeriod } from './period'

const days = (start_date: string, end_date: string) => ({ start_date, end_date })

describe('the days of a report', () => {
  it('are the week from Monday to Sunday around a day', () => {
    const week = days('2026-11-23', '2026-11-29')
    expect(periodOf('weekly', '2026-11-23', '')).toEqual(week)
    expect(periodOf('weekly', '2026-11-29', '')).toEqual(week)
    expect(periodOf('weekly', '2026-11-22', '')).toEqual(days('2026-11-16', '2026-11-22'))
  })

  it('are a whole month, also a February', () => {
    expect(periodOf('monthly', '2028-02-10', '')).toEqual(days('2028-02-01', '2028-02-29'))
    expect(periodOf('monthly', '2026-12-31', '')).toEqual(days('2026-12-01', '2026-12-31'))
  })

  it('are usually what ended last', () => {
    expect(usualPeriod('daily', '2026-03-01')).toEqual(days('2026-02-28', '2026-02-28'))
    expect(usualPeriod('weekly', '2026-11-24')).toEqual(days('2026-11-16', '2026-11-22'))
    expect(usualPeriod('monthly', '2026-01-15')).toEqual(days('2025-12-01', '2025-12-31'))
    expect(usualPeriod('custom', '2026-11-30')).toEqual(days('2026-11-01', '2026-11-30'))
  })

  it('can be preset', () => {
    expect(presetPeriods('2026-11-24')).toContainEqual(['thisYear', days('2026-01-01', '2026-11-24')])
  })

  it('are at most 366, and not backwards', () => {
    expect(flawOf(days('2026-01-02', '2026-01-01'))).toBe('endBeforeStart')
    expect(flawOf(days('2026-01-01', '2027-01-01'))).toBeUndefined()
    expect(flawOf(days('2026-01-01', '2027-01-02'))).toBe('tooLong')
  })
})

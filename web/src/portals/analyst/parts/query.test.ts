import { describe, expect, it } from 'vitest'
import { addToDate, today } from '@/shared/time'
import { daysOf, filtersOf, lastDays, queryOf } from './query'

describe('the filters of the address', () => {
  it('are lists where several may be chosen', () => {
    expect(queryOf({ site_id: 'a', app_id: ['b', 'c'] })).toMatchObject({
      site_id: ['a'],
      app_id: ['b', 'c'],
    })
    expect(queryOf({})).toEqual({})
  })

  it('go along to another page, and nothing else does', () => {
    expect(filtersOf({ site_id: ['a', 'b'], page: '2', measure: 'cost' })).toEqual({ site_id: ['a', 'b'] })
  })

  it('cover the last 30 days until something else is chosen', () => {
    const now = today()
    expect(daysOf({})).toEqual([addToDate(now, -29), now])
    expect(daysOf(lastDays(30))).toEqual([addToDate(now, -29), now])
    expect(daysOf(lastDays(7) as Record<string, string>)).toEqual([addToDate(now, -6), now])
  })
})

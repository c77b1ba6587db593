import { describe, expect, it } from 'vitest'
import { startOfDate } from '@/shared/time'
import { cheapestGameOf, forecast, lowReason } from './forecast'

const dates = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10'].map((day) => `2026-03-${day}`)
const pointsOf = (costs: string[]) =>
  costs.map((total_cost, index) => ({
    date: dates[index] ?? '',
    total_cost,
    total_players: 0,
    total_sessions: 0,
  }))

/** The noon of the day with this index. */
const noonOf = (index: number) => new Date(startOfDate(dates[index] ?? '')).getTime() + 12 * 3_600_000

describe('how long the balance lasts', () => {
  it('goes by the last seven days', () => {
    const points = pointsOf([
      '900.00',
      '900.00',
      '900.00',
      '48.00',
      '48.00',
      '48.00',
      '48.00',
      '48.00',
      '48.00',
      '24.00',
    ])
    expect(forecast('480.00', points, noonOf(9))).toEqual({ hours: 240, perDay: '48.00', days: 7 })
  })

  it('counts days without games once the venue has begun', () => {
    const points = pointsOf(['0.00', '65.00', '0.00', '0.00', '0.00', '0.00', '0.00', '65.00'])
    expect(forecast('100.00', points, noonOf(7))).toEqual({ hours: 120, perDay: '20.00', days: 7 })
  })

  it('goes by the days since the first game, at least by one', () => {
    expect(forecast('100.00', pointsOf(['0.00', '0.00', '100.00']), noonOf(2))).toEqual({
      hours: 24,
      perDay: '100.00',
      days: 1,
    })
  })

  it('cannot be told without a game', () => {
    expect(forecast('100.00', pointsOf(['0.00', '0.00']), noonOf(1))).toBeUndefined()
    expect(forecast('100.00', [], noonOf(1))).toBeUndefined()
  })

  it('cannot be told when the last games are long ago', () => {
    const points = pointsOf(['5.00', '0.00', '0.00', '0.00', '0.00', '0.00', '0.00', '0.00', '0.00'])
    expect(forecast('100.00', points, noonOf(8))).toBeUndefined()
  })
})

describe('a low balance', () => {
  const fine = { balance: '100.00', hours: 100, cheapestGame: '20.00', threshold: '0.00' }

  it('is one that pays no game', () => {
    expect(lowReason(fine)).toBeUndefined()
    expect(lowReason({ ...fine, balance: '19.99' })).toBe('empty')
    expect(lowReason({ ...fine, balance: '0.00', cheapestGame: undefined })).toBe('empty')
  })

  it('is one that lasts less than three days', () => {
    expect(lowReason({ ...fine, hours: 71 })).toBe('soon')
    expect(lowReason({ ...fine, hours: undefined })).toBeUndefined()
  })

  it('is one below the threshold of the category', () => {
    expect(lowReason({ ...fine, threshold: '100.00' })).toBeUndefined()
    expect(lowReason({ ...fine, threshold: '100.01' })).toBe('low')
    expect(lowReason({ ...fine, threshold: '1000.00', hours: 71 })).toBe('low')
    expect(lowReason({ ...fine, threshold: '1000.00', balance: '19.99' })).toBe('empty')
  })
})

describe('the cheapest game', () => {
  it('has as few players as it takes', () => {
    const apps = [
      { unit_price: '10.00', min_players: 2 },
      { unit_price: '12.00', min_players: 1 },
    ]
    expect(cheapestGameOf(apps)).toBe('12.00')
    expect(cheapestGameOf([])).toBeUndefined()
  })
})

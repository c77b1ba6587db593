import { describe, expect, it } from 'vitest'
import { shareOf, sumOf } from './sums'

describe('sums of figures', () => {
  it('are exact for money', () => {
    expect(sumOf(['0.10', '0.20', '99999999.99'], 'money')).toBe('100000000.29')
    expect(sumOf([], 'money')).toBe('0.00')
  })

  it('are plain for counts', () => {
    expect(sumOf([1, 2, 3], 'count')).toBe(6)
  })

  it('have shares, also of nothing', () => {
    expect(shareOf('25.00', '200.00')).toBe('12.5%')
    expect(shareOf(0, 0)).toBe('0.0%')
  })
})

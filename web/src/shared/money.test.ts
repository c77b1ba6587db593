import { describe, expect, it } from 'vitest'
import { formatMoney, fromFen, positionOf, toFen } from './money'

describe('amounts', () => {
  it('are grouped and have two decimals', () => {
    expect(formatMoney('0')).toBe('¥0.00')
    expect(formatMoney('5.5')).toBe('¥5.50')
    expect(formatMoney('1234.56')).toBe('¥1,234.56')
    expect(formatMoney('99999999.99')).toBe('¥99,999,999.99')
    expect(formatMoney('-1000.00')).toBe('-¥1,000.00')
  })

  it('keep every fen where a float would lose some', () => {
    expect(formatMoney('90071992547409.93')).toBe('¥90,071,992,547,409.93')
    expect(fromFen(toFen('0.10') + toFen('0.20'))).toBe('0.30')
  })

  it('survive the way to fen and back', () => {
    for (const text of ['0.00', '0.01', '0.10', '1.00', '12.34', '-0.05'])
      expect(fromFen(toFen(text))).toBe(text)
  })

  it('are refused when they are none', () => {
    for (const text of ['', '1.234', '1e3', '¥1', '1,000.00', 'NaN']) expect(() => toFen(text)).toThrow()
  })

  it('have a position in a chart', () => {
    expect(positionOf('12.34')).toBe(12.34)
  })
})

import { describe, expect, it } from 'vitest'
import { formatAxis, formatValue, isEmpty, position } from './model'

describe('values of a chart', () => {
  it('are read as what they are', () => {
    expect(formatValue('1234.50', 'money')).toBe('¥1,234.50')
    expect(formatValue(1234, 'count')).toBe('1,234')
    expect(formatValue(12.5, 'percent')).toBe('12.5%')
  })

  it('are short on the axis', () => {
    expect(formatAxis(12_000, 'money')).toBe('¥12K')
    expect(formatAxis(50, 'percent')).toBe('50%')
  })

  it('have a place, whether they are money or not', () => {
    expect(position('10.05')).toBe(10.05)
    expect(position(3)).toBe(3)
  })

  it('that are all zero show nothing', () => {
    const model = {
      categories: ['a', 'b'],
      unit: 'money' as const,
      series: [{ name: 'x', values: ['0.00', '0.00'] }],
    }
    expect(isEmpty(model)).toBe(true)
    expect(isEmpty({ ...model, series: [{ name: 'x', values: ['0.00', '0.01'] }] })).toBe(false)
    expect(isEmpty({ ...model, series: [] })).toBe(true)
  })
})

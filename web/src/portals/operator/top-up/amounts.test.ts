import { describe, expect, it } from 'vitest'
import { firstAmount, isWithin, usualAmounts } from './amounts'

const between = (recharge_min: string, recharge_max: string) => ({ recharge_min, recharge_max })

describe('an amount of a top-up', () => {
  it('may be either limit and anything between', () => {
    const limits = between('10.00', '10000.00')
    expect(['10.00', '10.01', '10000.00'].map((amount) => isWithin(amount, limits))).toEqual([
      true,
      true,
      true,
    ])
    expect(['9.99', '10000.01', '-50.00'].map((amount) => isWithin(amount, limits))).toEqual([
      false,
      false,
      false,
    ])
  })

  it('is offered when it can be taken', () => {
    expect(usualAmounts(between('10.00', '10000.00'))).toHaveLength(5)
    expect(usualAmounts(between('500.00', '1999.99'))).toEqual(['500.00', '1000.00'])
    expect(usualAmounts(between('10.00', '20.00'))).toEqual([])
  })

  it('is at first what most people take, or as near to it as can be', () => {
    expect(firstAmount(between('10.00', '10000.00'))).toBe('500.00')
    expect(firstAmount(between('800.00', '10000.00'))).toBe('800.00')
    expect(firstAmount(between('1.00', '200.00'))).toBe('200.00')
  })
})

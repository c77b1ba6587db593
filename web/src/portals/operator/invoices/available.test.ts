import { describe, expect, it } from 'vitest'
import { availableOf } from './available'

const paid = { total_recharged: '1000.00', total_refunded: '100.10' }

describe('what may be invoiced', () => {
  it('is what was paid less refunds and the invoices that count', () => {
    const invoices = [
      { amount: '200.05', status: 'approved' as const },
      { amount: '300.00', status: 'pending' as const },
      { amount: '50.00', status: 'rejected' as const },
    ]
    expect(availableOf(paid, [])).toBe('899.90')
    expect(availableOf(paid, invoices)).toBe('399.85')
  })

  it('is never less than nothing', () => {
    expect(availableOf(paid, [{ amount: '900.00', status: 'approved' }])).toBe('0.00')
  })
})

import { describe, expect, it } from 'vitest'
import { toRows } from './details'

describe('the details of an entry', () => {
  it('are changes with old and new, and whatever else there is', () => {
    const details = {
      unit_price: '25.00',
      reason: '内容更新',
      before: { unit_price: '20.00', is_active: true },
      after: { unit_price: '25.00', is_active: true },
    }
    expect(toRows(details)).toEqual({
      changes: [{ name: 'unit_price', before: '20.00', after: '25.00' }],
      others: [{ name: 'reason', after: '内容更新' }],
    })
  })

  it('name each permission that was given or taken', () => {
    const details = {
      before: { permissions: { can_review_refund: false, can_review_invoice: true } },
      after: { permissions: { can_review_refund: true, can_review_invoice: true } },
    }
    expect(toRows(details).changes).toEqual([{ name: 'can_review_refund', before: false, after: true }])
  })

  it('of something new have nothing before', () => {
    expect(
      toRows({ kind: 'admin', permissions: null, after: { name: '甲', permissions: { can_a: true } } }),
    ).toEqual({
      changes: [],
      others: [
        { name: 'kind', after: 'admin' },
        { name: 'name', after: '甲' },
        { name: 'can_a', after: true },
      ],
    })
  })
})

import { describe, expect, it } from 'vitest'
import type { PayoutPart } from '@/api/generated'
import { outstanding } from './outstanding'

function part(channel: string, amount: string, status: PayoutPart['status']): PayoutPart {
  const at = '2026-01-01T00:00:00.000Z'
  return { payout_id: amount, channel, amount, status, attempts: 1, created_at: at, updated_at: at }
}

const of = (...payouts: PayoutPart[]) => outstanding({ actual_refund_amount: '100.00', payouts })

describe('what of a refund does not go out by itself', () => {
  it('is nothing while channels pay', () => {
    expect(of(part('wechat', '60.00', 'completed'), part('alipay', '40.00', 'processing'))).toEqual({
      refused: 0n,
      byHand: 0n,
    })
  })

  it('is what was refused and what has no top-up', () => {
    const parts = [
      part('wechat', '60.00', 'failed'),
      part('alipay', '30.00', 'completed'),
      part('manual', '10.00', 'processing'),
    ]
    expect(of(...parts)).toEqual({ refused: 6000n, byHand: 7000n })
  })

  it('forgets a refused part that is tried again', () => {
    expect(of(part('wechat', '100.00', 'failed'), part('wechat', '100.00', 'pending'))).toEqual({
      refused: 0n,
      byHand: 0n,
    })
  })
})

import type { RefundDetails } from '@/api/generated'
import { toFen } from '@/shared/money'

/**
 * What of an approved refund does not go out by itself, in fen: `refused` is what channels refused and nobody tried
 * again; `byHand` is that and what has no top-up to return to. A refused part stays when it is tried again as a new one,
 * so the refused parts themselves say nothing.
 */
export function outstanding(refund: Pick<RefundDetails, 'actual_refund_amount' | 'payouts'>): {
  refused: bigint
  byHand: bigint
} {
  const sum = (parts: RefundDetails['payouts']) => parts.reduce((fen, part) => fen + toFen(part.amount), 0n)
  const alive = refund.payouts.filter((part) => part.status !== 'failed')
  const waiting = alive.filter((part) => part.channel === 'manual' && part.status !== 'completed')
  const refused = toFen(refund.actual_refund_amount ?? '0') - sum(alive)
  return { refused, byHand: refused + sum(waiting) }
}

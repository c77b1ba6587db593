import type { RefundItem } from '@/api/generated'
import type { Tone } from '@/shared/StatusTag'

/** Where a refund is: after the decision the payout is what matters. */
export type RefundState = 'pending' | 'rejected' | 'processing' | 'completed' | 'failed'

export const refundTones: Record<RefundState, Tone> = {
  pending: 'waiting',
  rejected: 'bad',
  processing: 'special',
  completed: 'good',
  failed: 'bad',
}

export function stateOf({ status, payout_status }: RefundItem): RefundState {
  return status === 'approved' ? (payout_status ?? 'processing') : status
}

import { Steps } from 'antd'
import { useTranslation } from 'react-i18next'
import type { RefundItem } from '@/api/generated'
import { stateOf, type RefundState } from './state'

/** Where each state stands among ask, review, payout, done. */
const positions: Record<RefundState, number> = {
  pending: 1,
  rejected: 1,
  processing: 2,
  failed: 2,
  completed: 3,
}

/** The way of a refund; without one, what the way will be. */
export default function RefundSteps({ refund }: { refund: RefundItem | undefined }) {
  const { t } = useTranslation(['operator', 'common'])
  const state = refund && stateOf(refund)
  const steps = ['asked', 'review', 'payout', 'done'] as const
  const isOver = state === 'completed'
  return (
    <Steps
      size="small"
      titlePlacement="vertical"
      responsive
      current={state ? positions[state] : -1}
      status={state === 'rejected' || state === 'failed' ? 'error' : isOver ? 'finish' : 'process'}
      items={steps.map((step) => ({
        title: t(`refunds.steps.${step}`),
        content: t(`refunds.steps.${step}Hint`),
      }))}
    />
  )
}

import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { retryRefundPayout, type RefundDetails } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { ConfirmAction } from '@/shared/ConfirmAction'
import { later } from '@/shared/later'
import { formatMoney } from '@/shared/money'

const CompleteForm = later(() => import('./CompleteForm'))

interface Props {
  refund: RefundDetails
  /** What the act is about. */
  amount: string
}

export function RetryPayout({ refund, amount }: Props) {
  const { t } = useTranslation(['finance', 'common'])
  const retry = useAct(retryRefundPayout, { done: t('refunds.retried') })
  return (
    <ConfirmAction
      label={t('refunds.retry')}
      hint={t('refunds.retryHint', { amount: formatMoney(amount) })}
      act={retry}
      request={() => ({ path: { id: refund.refund_id } })}
    />
  )
}

export function CompleteByHand({ refund, amount }: Props) {
  const { t } = useTranslation(['finance', 'common'])
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <Button
        onClick={() => {
          setIsOpen(true)
        }}
      >
        {t('refunds.complete')}
      </Button>
      {isOpen && (
        <CompleteForm
          refund={refund}
          amount={amount}
          onClose={() => {
            setIsOpen(false)
          }}
        />
      )}
    </>
  )
}

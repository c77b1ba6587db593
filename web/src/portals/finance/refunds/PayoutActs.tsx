import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { completeRefund, retryRefundPayout, type RefundDetails } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { ConfirmAction } from '@/shared/ConfirmAction'
import { FormModal } from '@/shared/FormModal'
import { formatMoney } from '@/shared/money'
import { useRules } from '@/shared/rules'

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
  const rules = useRules()
  const complete = useAct(completeRefund, { done: t('refunds.completed') })
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
        <FormModal
          title={t('refunds.complete')}
          submitLabel={t('refunds.complete')}
          act={complete}
          request={(body: { reference: string }) => ({ path: { id: refund.refund_id }, body })}
          onClose={() => {
            setIsOpen(false)
          }}
        >
          <p style={{ marginBlockStart: 0 }}>
            {t('refunds.completeHint', { name: refund.operator_name, amount: formatMoney(amount) })}
          </p>
          <Form.Item
            name="reference"
            label={t('refunds.referenceLabel')}
            rules={rules.length(t('refunds.referenceLabel'), 2, 100)}
          >
            <Input autoFocus maxLength={100} />
          </Form.Item>
        </FormModal>
      )}
    </>
  )
}

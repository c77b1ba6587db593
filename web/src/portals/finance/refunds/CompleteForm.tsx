import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { completeRefund, type CompleteRefundRequest, type RefundDetails } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import { formatMoney } from '@/shared/money'
import { useRules } from '@/shared/rules'

interface Props {
  refund: RefundDetails
  /** What is to be paid by hand. */
  amount: string
  onClose: () => void
}

/** Records that the money was paid, with the proof of it. */
export default function CompleteForm({ refund, amount, onClose }: Props) {
  const { t } = useTranslation(['finance', 'common'])
  const rules = useRules()
  const complete = useAct(completeRefund, { done: t('refunds.completed') })
  return (
    <FormModal
      title={t('refunds.complete')}
      submitLabel={t('refunds.complete')}
      act={complete}
      request={(body: CompleteRefundRequest) => ({ path: { id: refund.refund_id }, body })}
      onClose={onClose}
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
  )
}

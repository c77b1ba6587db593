import { Form, Input, Radio } from 'antd'
import { useTranslation } from 'react-i18next'
import { resolveRecharge, type FinanceRecharge, type ResolveRequest } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import { formatMoney } from '@/shared/money'
import { useRules } from '@/shared/rules'

/** Decides an abnormal order: nothing is chosen beforehand, because either choice moves or forgoes money. */
export default function ResolveForm({ order, onClose }: { order: FinanceRecharge; onClose: () => void }) {
  const { t } = useTranslation(['finance', 'common'])
  const rules = useRules()
  const resolve = useAct(resolveRecharge, { done: t('recharges.resolved') })
  const told = { amount: formatMoney(order.amount), name: order.operator_name }
  const outcomes = ['success', 'failed'] as const
  return (
    <FormModal
      title={t('recharges.resolve')}
      submitLabel={t('common:confirm')}
      act={resolve}
      request={(body: ResolveRequest) => ({ path: { id: order.order_id }, body })}
      onClose={onClose}
    >
      <p style={{ marginBlockStart: 0 }}>{t('recharges.resolveHint')}</p>
      <Form.Item
        name="outcome"
        label={t('recharges.outcomeLabel')}
        rules={[rules.required(t('recharges.outcomeLabel'))]}
      >
        <Radio.Group
          vertical
          options={outcomes.map((value) => ({
            value,
            label: (
              <>
                <strong>{t(`recharges.outcome.${value}`)}</strong> ·{' '}
                {t(`recharges.outcomeHint.${value}`, told)}
              </>
            ),
          }))}
        />
      </Form.Item>
      <Form.Item
        name="reason"
        label={t('recharges.reasonLabel')}
        rules={rules.length(t('recharges.reasonLabel'), 10, 200)}
      >
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={200} showCount />
      </Form.Item>
    </FormModal>
  )
}

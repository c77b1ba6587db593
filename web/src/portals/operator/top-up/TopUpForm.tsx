import { Form, Radio } from 'antd'
import type { Rule } from 'antd/es/form'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { createRecharge, type LimitsAnswer, type RechargeRequest } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormPage } from '@/shared/FormPage'
import { formatMoney } from '@/shared/money'
import { AmountInput } from './AmountInput'
import { firstAmount, isWithin, usualAmounts } from './amounts'
import { methods } from './OrderStatus'

/** Amount and channel; the limits are said and looked at before anything is sent. */
export function TopUpForm({ limits }: { limits: LimitsAnswer }) {
  const { t } = useTranslation(['operator', 'common'])
  const navigate = useNavigate()
  const create = useAct(createRecharge)
  const shown = { least: formatMoney(limits.recharge_min), most: formatMoney(limits.recharge_max) }
  const withinLimits: Rule = {
    required: true,
    validator: (_, value?: string | null) =>
      value && isWithin(value, limits)
        ? Promise.resolve()
        : Promise.reject(new Error(t('topUp.amountRange', shown))),
  }
  return (
    <FormPage
      isFramed={false}
      act={create}
      request={(body: RechargeRequest) => ({ body })}
      initialValues={{ amount: firstAmount(limits), payment_method: 'wechat' }}
      submitLabel={t('topUp.submit')}
      onDone={({ order_id }) => {
        void navigate({ to: `/operator/top-up/${order_id}` })
      }}
    >
      <Form.Item
        name="amount"
        label={t('topUp.amount')}
        extra={t('topUp.amountHint', shown)}
        rules={[withinLimits]}
      >
        <AmountInput usual={usualAmounts(limits)} />
      </Form.Item>
      <Form.Item name="payment_method" label={t('topUp.channel')}>
        <Radio.Group
          optionType="button"
          buttonStyle="solid"
          options={methods.map((value) => ({ value, label: t(`topUp.method.${value}`) }))}
        />
      </Form.Item>
    </FormPage>
  )
}

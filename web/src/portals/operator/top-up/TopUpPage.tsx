import { Form, Radio } from 'antd'
import { useNavigate } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { createRecharge, type RechargeRequest } from '@/api/generated'
import { getBalanceOptions } from '@/api/generated/@tanstack/react-query.gen'
import { useAct } from '@/shared/api/act'
import { unwrap } from '@/shared/api/queries'
import { FormPage } from '@/shared/FormPage'
import { later } from '@/shared/later'
import { Page } from '@/shared/Page'
import { Panel } from '@/shared/Panel'
import { useRules } from '@/shared/rules'
import { LiveMoney } from '../LiveMoney'
import { AmountInput } from './AmountInput'
import { methods } from './OrderStatus'

const Orders = later(() => import('./Orders'))

/** Makes an order; paying it is a page of its own, which can be reloaded and come back to. */
export default function TopUpPage() {
  const { t } = useTranslation(['operator', 'common'])
  const navigate = useNavigate()
  const create = useAct(createRecharge)
  return (
    <Page>
      <div
        style={{
          display: 'grid',
          gap: 16,
          gridTemplateColumns: 'repeat(auto-fit, minmax(min(360px, 100%), 1fr))',
        }}
      >
        <Panel title={t('topUp.title')} extra={<BalanceNow />}>
          <FormPage
            isFramed={false}
            act={create}
            request={(body: RechargeRequest) => ({ body })}
            initialValues={{ amount: '500.00', payment_method: 'wechat' }}
            submitLabel={t('topUp.submit')}
            onDone={({ order_id }) => {
              void navigate({ to: `/operator/top-up/${order_id}` })
            }}
          >
            <Fields />
          </FormPage>
        </Panel>
        <Panel title={t('topUp.howTitle')}>
          <ol style={{ margin: 0, paddingInlineStart: 20, lineHeight: 1.9 }}>
            <li>{t('topUp.how1')}</li>
            <li>{t('topUp.how2')}</li>
            <li>{t('topUp.how3')}</li>
          </ol>
        </Panel>
      </div>
      <h2 style={{ margin: 0, fontSize: 15, fontWeight: 600 }}>{t('topUp.orders')}</h2>
      <Orders />
    </Page>
  )
}

function BalanceNow() {
  const { t } = useTranslation(['operator', 'common'])
  const balance = useQuery({ ...getBalanceOptions(), select: unwrap }).data?.balance
  return (
    <span>
      {t('topUp.now')} {balance !== undefined && <LiveMoney amount={balance} />}
    </span>
  )
}

function Fields() {
  const { t } = useTranslation(['operator', 'common'])
  const rules = useRules()
  return (
    <>
      <Form.Item
        name="amount"
        label={t('topUp.amount')}
        extra={t('topUp.amountHint')}
        rules={[rules.required(t('topUp.amount'))]}
      >
        <AmountInput />
      </Form.Item>
      <Form.Item name="payment_method" label={t('topUp.channel')}>
        <Radio.Group
          optionType="button"
          buttonStyle="solid"
          options={methods.map((value) => ({ value, label: t(`topUp.method.${value}`) }))}
        />
      </Form.Item>
    </>
  )
}

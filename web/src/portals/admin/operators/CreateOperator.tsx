import { Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { createOperator, type CreateOperatorRequest } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import { MoneyInput } from '@/shared/MoneyInput'
import { useRules } from '@/shared/rules'
import { useCan } from '@/shared/session/can'
import { useShowKey } from './useShowKey'

/** Creates an operator and shows the API key, which the operator needs to set up its headset servers. */
export function CreateOperator({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['admin', 'common'])
  const rules = useRules()
  const can = useCan()
  const showKey = useShowKey()
  const create = useAct(createOperator, { done: t('operators.created') })
  return (
    <FormModal
      title={t('operators.create')}
      submitLabel={t('common:create')}
      act={create}
      request={(body: CreateOperatorRequest) => ({ body })}
      initialValues={{ category: 'normal' }}
      onClose={onClose}
      onDone={(created) => {
        showKey(created.api_key)
      }}
    >
      <Form.Item
        name="username"
        label={t('operators.username')}
        rules={[rules.required(t('operators.username')), rules.username]}
      >
        <Input autoFocus autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="password"
        label={t('operators.password')}
        extra={t('common:register.passwordHint')}
        rules={[rules.required(t('operators.password')), rules.password]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item name="name" label={t('operators.name')} rules={rules.length(t('operators.name'), 2, 50)}>
        <Input />
      </Form.Item>
      <ContactFields />
      <Form.Item name="category" label={t('operators.category')}>
        <CategorySelect />
      </Form.Item>
      {can('can_view_financial_data') && (
        <Form.Item
          name="initial_balance"
          label={`${t('operators.initialBalance')} (${t('common:optional')})`}
          extra={t('operators.initialBalanceHint')}
        >
          <MoneyInput min="0" max="99999999.99" />
        </Form.Item>
      )}
    </FormModal>
  )
}

export function ContactFields() {
  const { t } = useTranslation(['admin', 'common'])
  const rules = useRules()
  return (
    <>
      <Form.Item
        name="phone"
        label={t('operators.phone')}
        rules={[rules.required(t('operators.phone')), rules.phone]}
      >
        <Input inputMode="tel" />
      </Form.Item>
      <Form.Item
        name="email"
        label={t('operators.email')}
        rules={[rules.required(t('operators.email')), rules.email]}
      >
        <Input inputMode="email" />
      </Form.Item>
    </>
  )
}

export function CategorySelect(props: { id?: string; value?: string; onChange?: (value: string) => void }) {
  const { t } = useTranslation()
  const categories = ['trial', 'normal', 'vip'] as const
  return <Select {...props} options={categories.map((value) => ({ value, label: t(`category.${value}`) }))} />
}

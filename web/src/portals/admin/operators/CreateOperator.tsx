import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { createOperator, type CreateOperatorRequest } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import { MoneyInput } from '@/shared/MoneyInput'
import { useRules } from '@/shared/rules'
import { useCan } from '@/shared/session/can'
import { CategorySelect, ContactFields } from './OperatorFields'

interface Props {
  onClose: () => void
  /** Takes the API key, which the operator needs to set up its headset servers. */
  onKey: (apiKey: string) => void
}

export default function CreateOperator({ onClose, onKey }: Props) {
  const { t } = useTranslation(['admin', 'common'])
  const rules = useRules()
  const can = useCan()
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
        onKey(created.api_key)
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

import { Form, Input, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { createAccount, type CreateAccountRequest } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import { useRules } from '@/shared/rules'
import { PersonFields } from './PersonFields'
import { presetOf, type Kind } from './presets'
import { RoleFields } from './RoleFields'

/** What a new account of the kind begins with: the role that may do least. */
const beginnings = { admin: 'operator', finance: 'specialist', analyst: 'analyst' } as const

const kinds = ['admin', 'finance', 'analyst'] as const

export default function CreateAccount({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['admin', 'common'])
  const create = useAct(createAccount, { done: t('accounts.created') })
  return (
    <FormModal
      title={t('accounts.create')}
      submitLabel={t('common:create')}
      act={create}
      request={(body: CreateAccountRequest) => ({ body })}
      initialValues={{
        kind: 'admin',
        role: beginnings.admin,
        permissions: presetOf('admin', beginnings.admin),
      }}
      onClose={onClose}
    >
      <Fields />
    </FormModal>
  )
}

function Fields() {
  const { t } = useTranslation(['admin', 'common'])
  const rules = useRules()
  const form = Form.useFormInstance()
  const kind = Form.useWatch<Kind | undefined>('kind') ?? 'admin'
  return (
    <>
      <Form.Item name="kind" label={t('accounts.kind')}>
        <Segmented
          options={kinds.map((value) => ({ value, label: t(`accounts.kinds.${value}`) }))}
          onChange={(chosen: Kind) => {
            const role = beginnings[chosen]
            form.setFieldsValue({ role, permissions: presetOf(chosen, role) })
          }}
        />
      </Form.Item>
      <Form.Item
        name="username"
        label={t('accounts.username')}
        rules={[rules.required(t('accounts.username')), rules.username]}
      >
        <Input autoFocus autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="password"
        label={t('accounts.password')}
        extra={t('common:register.passwordHint')}
        rules={[rules.required(t('accounts.password')), rules.password]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <PersonFields isNew />
      <RoleFields kind={kind} />
    </>
  )
}

import { Form } from 'antd'
import { useTranslation } from 'react-i18next'
import { createAuthorization, type CreateAuthorizationRequest } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import { useRules } from '@/shared/rules'
import { AppSelect } from '../fields/AppSelect'
import { ExpiryField } from '../fields/ExpiryField'
import { NoteField } from '../fields/NoteField'
import { OperatorSelect } from '../fields/OperatorSelect'

interface GrantFormProps {
  /** Begins with what the list is narrowed to. */
  operatorId?: string
  appId?: string
  onClose: () => void
}

/** Grants an app to an operator without being asked. */
export default function GrantForm({ operatorId, appId, onClose }: GrantFormProps) {
  const { t } = useTranslation(['admin', 'common'])
  const rules = useRules()
  const create = useAct(createAuthorization, { done: t('grants.created') })
  return (
    <FormModal
      title={t('grants.create')}
      submitLabel={t('common:create')}
      act={create}
      request={(body: CreateAuthorizationRequest) => ({ body })}
      initialValues={{ operator_id: operatorId, app_id: appId }}
      onClose={onClose}
    >
      <Form.Item
        name="operator_id"
        label={t('grants.operator')}
        rules={[rules.required(t('grants.operator'))]}
      >
        <OperatorSelect />
      </Form.Item>
      <Form.Item name="app_id" label={t('grants.app')} rules={[rules.required(t('grants.app'))]}>
        <AppSelect isGrantable />
      </Form.Item>
      <Form.Item
        name="expires_at"
        label={`${t('grants.expiresAt')} (${t('common:optional')})`}
        extra={t('grants.expiryHint')}
      >
        <ExpiryField />
      </Form.Item>
      <NoteField name="note" label={t('grants.note')} />
    </FormModal>
  )
}

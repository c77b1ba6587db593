import { Form } from 'antd'
import { useTranslation } from 'react-i18next'
import { updateAuthorization, type AuthorizationItem } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import { ExpiryField } from '../fields/ExpiryField'

export default function ChangeExpiry({ grant, onClose }: { grant: AuthorizationItem; onClose: () => void }) {
  const { t } = useTranslation(['admin', 'common'])
  const change = useAct(updateAuthorization, { done: t('grants.changed') })
  return (
    <FormModal
      title={`${t('grants.changeExpiry')} · ${grant.operator_name} · ${grant.app_name}`}
      act={change}
      request={(values: { expires_at?: string | null }) => ({
        path: { id: grant.authorization_id },
        body: { expires_at: values.expires_at ?? null },
      })}
      initialValues={{ expires_at: grant.expires_at }}
      onClose={onClose}
    >
      <Form.Item name="expires_at" label={t('grants.expiresAt')} extra={t('grants.expiryHint')}>
        <ExpiryField />
      </Form.Item>
    </FormModal>
  )
}

import { Form } from 'antd'
import { useTranslation } from 'react-i18next'
import { approveAppRequest, type ApproveAppRequest, type OperatorAppRequestItem } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import { ExpiryField } from '../fields/ExpiryField'
import { NoteField } from '../fields/NoteField'

/** Grants what was asked for, for ever or until a day. */
export default function ApproveRequestForm({
  request,
  onClose,
}: {
  request: OperatorAppRequestItem
  onClose: () => void
}) {
  const { t } = useTranslation(['admin', 'common'])
  const approve = useAct(approveAppRequest, { done: t('requests.approveDone') })
  return (
    <FormModal
      title={t('requests.approveTitle')}
      submitLabel={t('requests.approve')}
      act={approve}
      request={(body: ApproveAppRequest) => ({ path: { id: request.request_id }, body })}
      onClose={onClose}
    >
      <p style={{ margin: '0 0 16px' }}>
        {t('requests.approveHint', { operator: request.operator_name, app: request.app_name })}
      </p>
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

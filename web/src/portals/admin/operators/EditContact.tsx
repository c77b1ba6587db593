import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { updateOperator, type OperatorDetails, type UpdateContact } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import { useRules } from '@/shared/rules'
import { ContactFields } from './OperatorFields'

export default function EditContact({
  operator,
  onClose,
}: {
  operator: OperatorDetails
  onClose: () => void
}) {
  const { t } = useTranslation(['admin', 'common'])
  const rules = useRules()
  const update = useAct(updateOperator, { done: t('operators.saved') })
  return (
    <FormModal
      title={t('operators.edit')}
      act={update}
      request={(body: UpdateContact) => ({ path: { id: operator.operator_id }, body })}
      initialValues={operator}
      onClose={onClose}
    >
      <Form.Item name="name" label={t('operators.name')} rules={rules.length(t('operators.name'), 2, 50)}>
        <Input autoFocus />
      </Form.Item>
      <ContactFields />
    </FormModal>
  )
}

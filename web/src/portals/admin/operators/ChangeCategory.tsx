import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { changeOperatorCategory, type ChangeCategoryRequest, type OperatorDetails } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import { useRules } from '@/shared/rules'
import { CategorySelect } from './OperatorFields'

export default function ChangeCategory({
  operator,
  onClose,
}: {
  operator: OperatorDetails
  onClose: () => void
}) {
  const { t } = useTranslation(['admin', 'common'])
  const rules = useRules()
  const change = useAct(changeOperatorCategory, { done: t('operators.categoryDone') })
  return (
    <FormModal
      title={t('operators.changeCategory')}
      act={change}
      request={(body: ChangeCategoryRequest) => ({ path: { id: operator.operator_id }, body })}
      initialValues={{ category: operator.category as ChangeCategoryRequest['category'] }}
      onClose={onClose}
    >
      <Form.Item name="category" label={t('operators.newCategory')}>
        <CategorySelect />
      </Form.Item>
      <Form.Item
        name="reason"
        label={`${t('common:reason')} (${t('common:optional')})`}
        rules={rules.length(t('common:reason'), 0, 200)}
      >
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={200} showCount />
      </Form.Item>
    </FormModal>
  )
}

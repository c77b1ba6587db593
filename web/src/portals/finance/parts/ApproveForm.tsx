import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { FormModal } from '@/shared/FormModal'
import { useRules } from '@/shared/rules'
import type { ApproveFormProps } from './Approve'

/** What an approval asks before it happens. */
export default function ApproveForm({ label, hint, ...form }: ApproveFormProps<unknown, unknown>) {
  const { t } = useTranslation(['finance', 'common'])
  const rules = useRules()
  return (
    <FormModal<{ note?: string }, unknown, unknown> {...form} title={label} submitLabel={label}>
      <p style={{ marginBlockStart: 0 }}>{hint}</p>
      <Form.Item
        name="note"
        label={`${t('note')} (${t('common:optional')})`}
        extra={t('noteHint')}
        rules={rules.length(t('note'), 0, 200)}
      >
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={200} showCount />
      </Form.Item>
    </FormModal>
  )
}

import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import type { QuestionProps } from './ConfirmAction'
import { FormModal } from './FormModal'
import { useRules } from './rules'

/** What a {@link ConfirmAction} asks before it acts. */
export default function ConfirmQuestion({ label, hint, reason, ...props }: QuestionProps) {
  const { t } = useTranslation()
  const rules = useRules()
  return (
    <FormModal {...props} title={label} submitLabel={label} width={460}>
      <div style={{ marginBlockEnd: 16 }}>{hint}</div>
      {reason && (
        <Form.Item
          name="reason"
          label={reason.min > 0 ? t('reason') : `${t('reason')} (${t('optional')})`}
          rules={rules.length(t('reason'), reason.min, reason.max)}
        >
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={reason.max} showCount autoFocus />
        </Form.Item>
      )}
    </FormModal>
  )
}

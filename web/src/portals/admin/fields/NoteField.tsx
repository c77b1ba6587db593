import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { useRules } from '@/shared/rules'

/** A remark that may be left out. */
export function NoteField({ name, label, extra }: { name: string; label: string; extra?: string }) {
  const { t } = useTranslation()
  const rules = useRules()
  return (
    <Form.Item
      name={name}
      label={`${label} (${t('optional')})`}
      extra={extra}
      rules={rules.length(label, 0, 200)}
    >
      <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={200} showCount />
    </Form.Item>
  )
}

import { Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useRules } from '@/shared/rules'

export function ContactFields() {
  const { t } = useTranslation(['admin', 'common'])
  const rules = useRules()
  return (
    <>
      <Form.Item
        name="phone"
        label={t('operators.phone')}
        rules={[rules.required(t('operators.phone')), rules.phone]}
      >
        <Input inputMode="tel" />
      </Form.Item>
      <Form.Item
        name="email"
        label={t('operators.email')}
        rules={[rules.required(t('operators.email')), rules.email]}
      >
        <Input inputMode="email" />
      </Form.Item>
    </>
  )
}

export function CategorySelect(props: { id?: string; value?: string; onChange?: (value: string) => void }) {
  const { t } = useTranslation()
  const categories = ['trial', 'normal', 'vip'] as const
  return <Select {...props} options={categories.map((value) => ({ value, label: t(`category.${value}`) }))} />
}

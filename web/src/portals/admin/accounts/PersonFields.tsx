import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { useRules } from '@/shared/rules'

/** Who the account belongs to. Accounts that came with the platform may lack a phone and an email. */
export function PersonFields({ isNew }: { isNew?: boolean }) {
  const { t } = useTranslation(['admin', 'common'])
  const rules = useRules()
  return (
    <>
      <Form.Item name="name" label={t('accounts.name')} rules={rules.length(t('accounts.name'), 2, 50)}>
        <Input />
      </Form.Item>
      <div
        style={{
          display: 'grid',
          gridTemplateColumns: 'repeat(auto-fit, minmax(min(180px, 100%), 1fr))',
          columnGap: 16,
        }}
      >
        <Form.Item
          name="phone"
          label={t('accounts.phone')}
          rules={isNew ? [rules.required(t('accounts.phone')), rules.phone] : [rules.phone]}
        >
          <Input inputMode="tel" />
        </Form.Item>
        <Form.Item
          name="email"
          label={t('accounts.email')}
          rules={isNew ? [rules.required(t('accounts.email')), rules.email] : [rules.email]}
        >
          <Input inputMode="email" />
        </Form.Item>
      </div>
    </>
  )
}

import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { changePassword } from '@/api/generated'
import { useAct } from './api/act'
import { FormPage } from './FormPage'
import { Page } from './Page'
import { useRules } from './rules'

interface Values {
  old_password: string
  new_password: string
  repeat: string
}

/** Changing one's password is the same in every portal. */
export default function PasswordPage() {
  const { t } = useTranslation()
  const rules = useRules()
  const change = useAct(changePassword, { done: t('password.done') })
  return (
    <Page>
      <FormPage
        act={change}
        request={({ old_password, new_password }: Values) => ({ body: { old_password, new_password } })}
        submitLabel={t('password.submit')}
        resets
      >
        <p style={{ marginBlockStart: 0 }}>{t('password.hint')}</p>
        <Form.Item name="old_password" label={t('password.old')} rules={[rules.required(t('password.old'))]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item
          name="new_password"
          label={t('password.new')}
          extra={t('register.passwordHint')}
          rules={[rules.required(t('password.new')), rules.password]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="repeat"
          label={t('password.repeat')}
          dependencies={['new_password']}
          rules={[rules.required(t('password.repeat')), rules.sameAs('new_password')]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      </FormPage>
    </Page>
  )
}

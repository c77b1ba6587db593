import { useMutation } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { Alert, Button, Form, Input, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { ProblemView } from '@/shared/ProblemView'
import { useRules } from '@/shared/rules'
import { roles, session, type Role } from '@/shared/session/session'
import { oneOf, stored } from '@/shared/stored'
import { textOf, type Search } from '@/shared/url-state'
import { Door } from './Door'
import { signIn } from './sign-in'

interface Values {
  role: Role
  username: string
  password: string
}

/** The role that signed in here last. */
const lastRole = stored<Role>('role', oneOf(roles))

/** Whose portal somebody wants to return to is most likely who they are. */
function roleOf(search: Search): Role {
  const portal = /^\/(\w+)/.exec(textOf(search, 'return') ?? '')?.[1]
  return roles.find((role) => role === portal) ?? lastRole.get()
}

export default function LoginPage() {
  const { t } = useTranslation()
  const rules = useRules()
  const search: Search = useSearch({ strict: false })
  const enter = useMutation({ mutationFn: signIn })
  const submit = (values: Values) => {
    enter.mutate(values, {
      onSuccess: (begun) => {
        lastRole.set(values.role)
        // The router's guards look again and lead to where the person was.
        session.begin(begun)
      },
    })
  }
  return (
    <Door title={t('signIn.title')} hint={t('signIn.slogan')}>
      {textOf(search, 'ended') && (
        <Alert type="warning" showIcon title={t('signIn.ended')} description={t('signIn.endedHint')} />
      )}
      {enter.error && <ProblemView error={enter.error} />}
      <Form<Values>
        layout="vertical"
        requiredMark={false}
        initialValues={{ role: roleOf(search) }}
        onFinish={submit}
        onValuesChange={() => {
          enter.reset()
        }}
      >
        <Form.Item name="role" label={t('signIn.as')}>
          <Segmented block options={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))} />
        </Form.Item>
        <Form.Item
          name="username"
          label={t('signIn.username')}
          rules={[rules.required(t('signIn.username'))]}
        >
          <Input autoComplete="username" autoFocus autoCapitalize="none" spellCheck={false} />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('signIn.password')}
          rules={[rules.required(t('signIn.password'))]}
        >
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" block size="large" loading={enter.isPending}>
          {t('signIn.submit')}
        </Button>
      </Form>
      <Link to="/operator/register" style={{ textAlign: 'center' }}>
        {t('signIn.toRegister')}
      </Link>
    </Door>
  )
}

import { Link } from '@tanstack/react-router'
import { Alert, Flex, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { registerOperator, type RegisterRequest, type RegisterResponse } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { CopyText } from '@/shared/CopyText'
import { Facts } from '@/shared/Facts'
import { LinkButton } from '@/shared/LinkButton'
import { FormPage } from '@/shared/FormPage'
import { useRules } from '@/shared/rules'
import { Door } from './Door'

type Values = RegisterRequest & { repeat: string }

export default function RegisterPage() {
  const { t } = useTranslation()
  const [registered, setRegistered] = useState<RegisterResponse>()
  if (registered) {
    return (
      <Door title={t('register.doneTitle')} width={560}>
        <Registered answer={registered} />
      </Door>
    )
  }
  return (
    <Door title={t('register.title')} hint={t('register.hint')} width={480}>
      <RegisterForm onDone={setRegistered} />
      <Link to="/login">{t('register.toSignIn')}</Link>
    </Door>
  )
}

function RegisterForm({ onDone }: { onDone: (answer: RegisterResponse) => void }) {
  const { t } = useTranslation()
  const rules = useRules()
  const register = useAct(registerOperator)
  return (
    <FormPage
      isFramed={false}
      act={register}
      request={({ username, password, name, phone, email }: Values) => ({
        body: { username, password, name, phone, email },
      })}
      submitLabel={t('register.submit')}
      onDone={onDone}
    >
      <Form.Item
        name="username"
        label={t('register.username')}
        extra={t('register.usernameHint')}
        rules={[rules.required(t('register.username')), rules.username]}
      >
        <Input autoComplete="username" autoFocus autoCapitalize="none" spellCheck={false} />
      </Form.Item>
      <Form.Item
        name="password"
        label={t('register.password')}
        extra={t('register.passwordHint')}
        rules={[rules.required(t('register.password')), rules.password]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="repeat"
        label={t('register.repeat')}
        dependencies={['password']}
        rules={[rules.required(t('register.repeat')), rules.sameAs('password')]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item name="name" label={t('register.name')} rules={rules.length(t('register.name'), 2, 50)}>
        <Input autoComplete="organization" />
      </Form.Item>
      <Form.Item
        name="phone"
        label={t('register.phone')}
        rules={[rules.required(t('register.phone')), rules.phone]}
      >
        <Input autoComplete="tel-national" inputMode="tel" />
      </Form.Item>
      <Form.Item
        name="email"
        label={t('register.email')}
        rules={[rules.required(t('register.email')), rules.email]}
      >
        <Input autoComplete="email" inputMode="email" />
      </Form.Item>
    </FormPage>
  )
}

/** The one time that the key can be seen. */
function Registered({ answer }: { answer: RegisterResponse }) {
  const { t } = useTranslation()
  return (
    <Flex vertical gap={16}>
      <Alert type="warning" showIcon title={t('register.keyOnce')} />
      <Facts
        items={[
          { label: t('register.apiKey'), value: <CopyText text={answer.api_key} />, isWide: true },
          { label: t('register.operatorId'), value: <CopyText text={answer.operator_id} />, isWide: true },
          { label: t('register.username'), value: answer.username },
        ]}
      />
      <LinkButton to="/login" look="primary">
        {t('register.keySaved')}
      </LinkButton>
    </Flex>
  )
}

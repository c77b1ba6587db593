/** Checks of form fields that the person sees while typing. The server checks again and has the last word. */
import type { Rule } from 'antd/es/form'
import { useTranslation } from 'react-i18next'

export interface Rules {
  required: (label: string) => Rule
  /** Between so many characters; with `min` above zero also required. */
  length: (label: string, min: number, max: number) => Rule[]
  username: Rule
  password: Rule
  phone: Rule
  email: Rule
  /** The same as another field. */
  sameAs: (field: string) => Rule
}

export function useRules(): Rules {
  const { t } = useTranslation()
  const required = (label: string): Rule => ({
    required: true,
    whitespace: true,
    message: t('form.required', { label }),
  })
  return {
    required,
    length: (label, min, max) => [
      ...(min > 0 ? [required(label)] : []),
      { transform: (value?: string) => value?.trim(), min, max, message: t('form.length', { min, max }) },
    ],
    username: { pattern: /^\w{3,20}$/, message: t('form.username') },
    password: { pattern: /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d).{8,32}$/, message: t('form.password') },
    phone: { pattern: /^1[3-9]\d{9}$/, message: t('form.phone') },
    email: { type: 'email', message: t('form.email') },
    sameAs: (field) => (form) => ({
      validator: (_, value) =>
        value === form.getFieldValue(field)
          ? Promise.resolve()
          : Promise.reject(new Error(t('password.differs'))),
    }),
  }
}

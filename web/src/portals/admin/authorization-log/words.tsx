import { useTranslation } from 'react-i18next'

const calls = ['authorize', 'pre_authorize', 'config', 'end_session'] as const

export function CallName({ call }: { call: string }) {
  const { t } = useTranslation(['admin', 'common'])
  const known = calls.find((other) => other === call)
  return known ? t(`logs.calls.${known}`) : call
}

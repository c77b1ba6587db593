import { Tooltip } from 'antd'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'

const calls = ['authorize', 'pre_authorize', 'config', 'end_session'] as const

export function CallName({ call }: { call: string }) {
  const { t } = useTranslation(['admin', 'common'])
  const known = calls.find((other) => other === call)
  return known ? t(`logs.calls.${known}`) : call
}

/** The code as the headset server saw it; what it means appears on hover. */
export function RefusalReason({ code }: { code: string }) {
  const path = `common:errors.${code}`
  const words = i18next.exists(path) ? i18next.t(path as 'common:errors.INTERNAL_ERROR') : undefined
  return (
    <Tooltip title={words}>
      <span className="code">{code}</span>
    </Tooltip>
  )
}

import { useTranslation } from 'react-i18next'
import { formatMoney } from '@/shared/money'

const amount = /^\d+(\.\d{1,2})?$/

/** A value in words: amounts as money, switches as on and off, an empty text as such. */
export function SettingValue({ value, type }: { value: unknown; type: string }) {
  const { t } = useTranslation(['admin', 'common'])
  if (type === 'boolean') return t(value === true ? 'settings.on' : 'settings.off')
  if (type === 'json') return <span className="code">{JSON.stringify(value)}</span>
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  if (text === '') return t('settings.empty')
  if (type === 'decimal' && amount.test(text)) return <span className="figures">{formatMoney(text)}</span>
  return <span style={{ overflowWrap: 'anywhere' }}>{text}</span>
}

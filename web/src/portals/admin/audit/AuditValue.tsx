import { useTranslation } from 'react-i18next'
import { CopyText } from '@/shared/CopyText'
import { Money } from '@/shared/Money'
import { Time } from '@/shared/Time'
import { AppName } from '../fields/AppName'
import { OperatorLink } from '../fields/OperatorLink'
import { isObject } from './details'
import { valueWord } from './words'

const instant = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/
/** Fields that hold money have names like these. */
const money = /amount|balance|price|consumption|forfeited/
const amount = /^-?\d+\.\d\d$/

/** A value of the details as people read it: words for codes, names for ids, amounts and times as everywhere. */
export function AuditValue({ name, value }: { name: string; value: unknown }) {
  const { t } = useTranslation(['admin', 'common'])
  if (value === null || value === undefined || value === '') return '—'
  if (typeof value === 'boolean') return t(value ? 'common:yes' : 'common:no')
  if (typeof value === 'string') return <Text name={name} text={value} />
  if (typeof value === 'number') return value.toLocaleString('en-US')
  if (Array.isArray(value)) {
    return (value as unknown[])
      .map((part) => (typeof part === 'string' ? valueWord(name, part) : JSON.stringify(part)))
      .join(', ')
  }
  return isObject(value) ? <span className="code">{JSON.stringify(value)}</span> : '—'
}

function Text({ name, text }: { name: string; text: string }) {
  if (instant.test(text)) return <Time at={text} />
  if (money.test(name) && amount.test(text)) return <Money amount={text} />
  if (name === 'operator_id') return <OperatorLink id={text} />
  if (name === 'app_id') return <AppName id={text} />
  if (name.endsWith('_id')) return <CopyText text={text} short />
  return valueWord(name, text)
}

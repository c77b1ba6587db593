import { Button, Flex } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { FinanceAuditLogItem } from '@/api/generated'
import { CopyText } from '@/shared/CopyText'
import { Money } from '@/shared/Money'
import { useUrlState } from '@/shared/url-state'
import { CustomerLink, OrderLink, RefundLink } from '../parts/links'
import type zh from '../locale/zh'
import { detailsOf } from './details'

/** Who did it; a press shows what else this person did. */
export function Who({ entry }: { entry: FinanceAuditLogItem }) {
  const { t } = useTranslation(['finance', 'common'])
  const [, change] = useUrlState()
  const { finance_id: id, finance_name: name } = entry
  if (!id) return <span>{name}</span>
  return (
    <Button
      type="link"
      size="small"
      style={{ paddingInline: 0 }}
      title={t('audit.onlyThis')}
      onClick={() => {
        change({ finance_id: id, person: name, page: undefined })
      }}
    >
      {name}
    </Button>
  )
}

/** What it was done to, with the way there where there is a page about it. */
export function Target({ entry }: { entry: FinanceAuditLogItem }) {
  const { t } = useTranslation(['finance', 'common'])
  const id = entry.target_resource_id
  if (!id) return <span>—</span>
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      <CopyText text={id} short />
      {id.startsWith('refund_') && <RefundLink id={id}>{t('view')}</RefundLink>}
      {id.startsWith('ord_') && <OrderLink id={id}>{t('view')}</OrderLink>}
    </span>
  )
}

/** Details as `name value`, with the names and words that people know. */
export function Details({ details }: { details: Record<string, unknown> }) {
  const { t, i18n } = useTranslation(['finance', 'common'])
  const valueOf = useValue()
  const named = detailsOf(details)
  if (named.length === 0) return <span>—</span>
  return (
    <Flex gap="0 16px" wrap style={{ maxWidth: 420 }}>
      {named.map(({ name, values }) => (
        <span key={name}>
          <span style={{ opacity: 0.8 }}>
            {i18n.exists(`finance:audit.fields.${name}`) ? t(`audit.fields.${name as Field}`) : name}
          </span>{' '}
          {valueOf(name, values)}
        </span>
      ))}
    </Flex>
  )
}

type Field = keyof typeof zh.audit.fields

/** Where the words for the values of a field stand. */
const words: Record<string, string> = {
  outcome: 'recharges.outcome',
  report_type: 'reports.types',
  format: 'reports.formats',
  include_sections: 'reports.section',
  payment_method: 'channel',
}

function useValue(): (name: string, values: string[]) => ReactNode {
  const { t, i18n } = useTranslation(['finance', 'common'])
  const wordOf = (name: string, value: string) => {
    const key = `finance:${words[name] ?? ''}.${value}`
    return name in words && i18n.exists(key) ? t(key as 'finance:channel.wechat') : value
  }
  return (name, values) => {
    const [first = ''] = values
    if (name === 'operator_id') return <CustomerLink id={first} name={t('refunds.toCustomer')} />
    if (name.endsWith('amount')) return <Money amount={first} />
    return values.map((value) => wordOf(name, value)).join(', ')
  }
}

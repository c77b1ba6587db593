import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FinanceAuditLogItem } from '@/api/generated'
import { CopyText } from '@/shared/CopyText'
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

type Field = keyof typeof zh.audit.fields

/** Details as `name: value`, with the names that people know. */
export function Details({ details }: { details: Record<string, unknown> }) {
  const { t, i18n } = useTranslation(['finance', 'common'])
  const named = detailsOf(details)
  if (named.length === 0) return <span>—</span>
  return (
    <>
      {named.map(({ name, value }) => (
        <div key={name}>
          <span style={{ opacity: 0.8 }}>
            {i18n.exists(`finance:audit.fields.${name}`) ? t(`audit.fields.${name as Field}`) : name}
          </span>{' '}
          {name === 'operator_id' ? <CustomerLink id={value} name={value} /> : value}
        </div>
      ))}
    </>
  )
}

import { useTranslation } from 'react-i18next'
import type { IncidentItem } from '@/api/generated'
import { CopyText } from '@/shared/CopyText'
import type { Column } from '@/shared/DataTable'
import { StatusTag } from '@/shared/StatusTag'
import { CustomerLink, OrderId } from '../parts/links'
import { ChannelName } from '../parts/tags'

/** A payment that somebody has to look at. */
export function useIncidentColumns(): Column<IncidentItem>[] {
  const { t } = useTranslation(['finance', 'common'])
  return [
    { key: 'created_at', title: t('recharges.incident.time'), kind: 'time' },
    {
      key: 'kind',
      title: t('recharges.incident.kind'),
      render: ({ kind }) => <StatusTag tone="bad">{t(`recharges.incidentKind.${kind}`)}</StatusTag>,
    },
    { key: 'amount', title: t('amount'), kind: 'money' },
    {
      key: 'payment_method',
      title: t('paymentMethod'),
      render: (row) => <ChannelName channel={row.payment_method} />,
    },
    { key: 'provider_transaction_id', title: t('recharges.transactionId'), kind: 'id' },
    {
      key: 'operator_name',
      title: t('customer'),
      render: ({ operator_id: id, operator_name: name }) =>
        id ? <CustomerLink id={id} name={name ?? id} /> : <span>—</span>,
    },
    {
      key: 'order_id',
      title: t('recharges.incident.order'),
      // An order that belongs to nobody is none of ours, and has no page.
      render: (row) =>
        row.operator_id ? (
          <OrderId id={row.order_id} linkText={t('view')} />
        ) : (
          <CopyText text={row.order_id} short />
        ),
    },
    {
      key: 'source',
      title: t('recharges.incident.source'),
      render: ({ source }) => t(`recharges.source.${source}`),
    },
  ]
}

import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FinanceRecharge } from '@/api/generated'
import type { Column } from '@/shared/DataTable'
import type { Filter } from '@/shared/FilterBar'
import { LinkButton } from '@/shared/LinkButton'
import { RowActions } from '@/shared/RowActions'
import { useCan } from '@/shared/session/can'
import { StatusTag } from '@/shared/StatusTag'
import { CustomerLink } from '../parts/links'
import { ChannelName, OrderTag } from '../parts/tags'

export function useOrderFilters(): Filter[] {
  const { t } = useTranslation(['finance', 'common'])
  const statuses = ['abnormal', 'pending', 'success', 'failed', 'closed'] as const
  const channels = ['wechat', 'alipay'] as const
  return [
    {
      kind: 'select',
      name: 'status',
      label: t('status'),
      options: statuses.map((value) => ({ value, label: t(`recharges.orderStatus.${value}`) })),
    },
    {
      kind: 'select',
      name: 'payment_method',
      label: t('paymentMethod'),
      options: channels.map((value) => ({ value, label: t(`channel.${value}`) })),
    },
    { kind: 'range' },
  ]
}

export function useOrderColumns(): Column<FinanceRecharge>[] {
  const { t } = useTranslation(['finance', 'common'])
  const can = useCan()
  const act = ({ status }: FinanceRecharge) =>
    status === 'abnormal' && can('can_resolve_recharge') ? t('recharges.resolve') : t('view')
  return [
    { key: 'created_at', title: t('recharges.createdAt'), kind: 'time' },
    {
      key: 'operator_name',
      title: t('customer'),
      render: (row) => <CustomerLink id={row.operator_id} name={row.operator_name} />,
    },
    { key: 'amount', title: t('amount'), kind: 'money' },
    {
      key: 'payment_method',
      title: t('paymentMethod'),
      render: (row) => <ChannelName channel={row.payment_method} />,
    },
    {
      key: 'status',
      title: t('status'),
      render: (row) => (
        <span style={{ display: 'inline-flex', gap: 4 }}>
          <OrderTag status={row.status} />
          {row.paid_late && <LateTag />}
        </span>
      ),
    },
    { key: 'paid_at', title: t('recharges.paidAt'), kind: 'time' },
    { key: 'query_failures', title: t('recharges.queryFailures'), kind: 'number', isHidden: true },
    { key: 'provider_transaction_id', title: t('recharges.transactionId'), kind: 'id' },
    { key: 'order_id', title: t('recharges.orderId'), kind: 'id', isHidden: true },
    {
      key: 'actions',
      title: t('common:actions'),
      render: (row) => (
        <RowActions>
          <LinkButton to="/finance/recharges/$id" params={{ id: row.order_id }} look="link" size="small">
            {act(row)}
          </LinkButton>
        </RowActions>
      ),
    },
  ]
}

/** The money came after the order had ended. */
export function LateTag() {
  const { t } = useTranslation(['finance', 'common'])
  return (
    <Tooltip title={t('recharges.lateHint')}>
      <span>
        <StatusTag tone="waiting">{t('recharges.late')}</StatusTag>
      </span>
    </Tooltip>
  )
}

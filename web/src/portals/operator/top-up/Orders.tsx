import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { RechargeItem } from '@/api/generated'
import { listRechargesOptions } from '@/api/generated/@tanstack/react-query.gen'
import type { Column } from '@/shared/DataTable'
import { QueryTable } from '@/shared/QueryTable'
import { OrderStatus, statuses } from './OrderStatus'

/** The operator's orders, newest first; states change by themselves. */
export default function Orders() {
  const { t } = useTranslation(['operator', 'common'])
  const columns: Column<RechargeItem>[] = [
    { key: 'created_at', title: t('topUp.createdAt'), kind: 'time' },
    { key: 'amount', title: t('topUp.amount'), kind: 'money' },
    {
      key: 'payment_method',
      title: t('topUp.channel'),
      render: ({ payment_method }) => t(`topUp.method.${payment_method}`),
    },
    { key: 'status', title: t('topUp.state'), render: ({ status }) => <OrderStatus status={status} /> },
    { key: 'paid_at', title: t('topUp.paidAt'), kind: 'time' },
    { key: 'expires_at', title: t('topUp.expiresAt'), kind: 'time', isHidden: true },
    { key: 'order_id', title: t('topUp.orderId'), kind: 'id' },
    {
      key: 'actions',
      title: t('common:actions'),
      render: ({ order_id }) => (
        <Link to="/operator/top-up/$id" params={{ id: order_id } as never}>
          {t('common:record.open')}
        </Link>
      ),
    },
  ]
  return (
    <QueryTable
      name="operator.recharges"
      list={listRechargesOptions}
      columns={columns}
      rowKey="order_id"
      filters={[
        {
          kind: 'select',
          name: 'status',
          label: t('topUp.state'),
          options: statuses.map((value) => ({ value, label: t(`topUp.status.${value}`) })),
        },
      ]}
      empty={{ text: t('topUp.empty') }}
    />
  )
}

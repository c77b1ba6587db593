import { useTranslation } from 'react-i18next'
import type { CustomerItem } from '@/api/generated'
import { listCustomersOptions } from '@/api/generated/@tanstack/react-query.gen'
import type { Column } from '@/shared/DataTable'
import { QueryTable } from '@/shared/QueryTable'
import { StatusTag } from '@/shared/StatusTag'
import { CustomerLink } from '../parts/links'
import { CategoryTag } from '../parts/tags'

/** Every customer with its money; those who left stay, because their refunds and invoices do. */
export default function AllCustomers() {
  const { t } = useTranslation(['finance', 'common'])
  const columns: Column<CustomerItem>[] = [
    {
      key: 'operator_name',
      title: t('customers.name'),
      render: (row) => (
        <span style={{ display: 'inline-flex', gap: 8 }}>
          <CustomerLink id={row.operator_id} name={row.operator_name} />
          {row.is_deactivated && <StatusTag tone="quiet">{t('customers.deactivated')}</StatusTag>}
        </span>
      ),
    },
    { key: 'username', title: t('customers.username') },
    {
      key: 'category',
      title: t('customers.category'),
      render: ({ category }) => <CategoryTag category={category} />,
    },
    { key: 'current_balance', title: t('customers.balance'), kind: 'money' },
    { key: 'total_recharged', title: t('customers.totalRecharged'), kind: 'money' },
    { key: 'total_consumed', title: t('customers.totalConsumed'), kind: 'money' },
    { key: 'total_refunded', title: t('customers.totalRefunded'), kind: 'money' },
    { key: 'created_at', title: t('customers.createdAt'), kind: 'time' },
    { key: 'operator_id', title: t('operatorId'), kind: 'id', isHidden: true },
  ]
  return (
    <QueryTable
      name="finance.customers.all"
      list={listCustomersOptions}
      filters={[{ kind: 'keyword', name: 'keyword', label: t('customers.keyword') }]}
      columns={columns}
      rowKey="operator_id"
      empty={{ text: t('customers.nobody') }}
    />
  )
}

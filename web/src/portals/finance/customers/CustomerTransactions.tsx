import { useTranslation } from 'react-i18next'
import { listAllTransactionsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { QueryTable } from '@/shared/QueryTable'
import { useTransactionColumns, useTypeFilter } from '../transactions/columns'

export default function CustomerTransactions({ id }: { id: string }) {
  const { t } = useTranslation(['finance', 'common'])
  return (
    <QueryTable
      name="finance.customer.transactions"
      list={listAllTransactionsOptions}
      fixed={{ operator_id: id }}
      filters={[useTypeFilter(), { kind: 'range' }]}
      columns={useTransactionColumns().filter((column) => column.key !== 'operator_name')}
      rowKey="transaction_id"
      empty={{ text: t('transactions.emptyCustomer') }}
    />
  )
}

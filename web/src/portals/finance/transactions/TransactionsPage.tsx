import { useTranslation } from 'react-i18next'
import { listAllTransactionsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { Page } from '@/shared/Page'
import { QueryTable } from '@/shared/QueryTable'
import { ExportButton } from '../parts/ExportButton'
import { useCustomerFilter } from '../parts/useCustomerFilter'
import { useTransactionColumns, useTypeFilter } from './columns'

export default function TransactionsPage() {
  const { t } = useTranslation(['finance', 'common'])
  return (
    <Page
      actions={
        <ExportButton
          path="/v1/finance/transactions/export"
          name={t('transactions.exportName')}
          parameters={['operator_id', 'type', 'start_time', 'end_time']}
        />
      }
    >
      <QueryTable
        name="finance.transactions"
        list={listAllTransactionsOptions}
        filters={[useCustomerFilter(), useTypeFilter(), { kind: 'range' }]}
        columns={useTransactionColumns()}
        rowKey="transaction_id"
        empty={{ text: t('transactions.empty') }}
      />
    </Page>
  )
}

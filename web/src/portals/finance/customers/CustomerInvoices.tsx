import { Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { listAllInvoices, type FinanceInvoice } from '@/api/generated'
import { DataTable } from '@/shared/DataTable'
import InvoicePreview from '../invoices/InvoicePreview'
import { useInvoiceColumns } from '../invoices/columns'
import { SearchFoot } from './SearchFoot'
import { useSearchBack } from './useSearchBack'

export default function CustomerInvoices({ id }: { id: string }) {
  const { t } = useTranslation(['finance', 'common'])
  const search = useSearchBack('listAllInvoices', id, (query) => listAllInvoices({ query }))
  return (
    <Flex vertical gap={12}>
      <DataTable<FinanceInvoice>
        name="finance.customer.invoices"
        columns={useInvoiceColumns().filter((column) => column.key !== 'operator_name')}
        rows={search.rows}
        rowKey="invoice_id"
        isLoading={search.isLoading}
        isFetching={search.isFetching}
        error={search.error}
        onRefresh={search.refresh}
        empty={{ text: t('customers.noInvoices') }}
      />
      <SearchFoot search={search} />
      <InvoicePreview />
    </Flex>
  )
}

import { useTranslation } from 'react-i18next'
import { listAllInvoicesOptions } from '@/api/generated/@tanstack/react-query.gen'
import { QueryTable } from '@/shared/QueryTable'
import InvoicePreview from '../invoices/InvoicePreview'
import { useInvoiceColumns } from '../invoices/columns'
import { useReviewFilter } from '../parts/useReviewFilter'

export default function CustomerInvoices({ id }: { id: string }) {
  const { t } = useTranslation(['finance', 'common'])
  return (
    <>
      <QueryTable
        name="finance.customer.invoices"
        list={listAllInvoicesOptions}
        fixed={{ operator_id: id }}
        filters={[useReviewFilter()]}
        columns={useInvoiceColumns().filter(({ key }) => key !== 'operator_name')}
        rowKey="invoice_id"
        empty={{ text: t('customers.noInvoices') }}
      />
      <InvoicePreview />
    </>
  )
}

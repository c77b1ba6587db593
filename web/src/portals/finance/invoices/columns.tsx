import { useTranslation } from 'react-i18next'
import type { FinanceInvoice } from '@/api/generated'
import { CopyText } from '@/shared/CopyText'
import type { Column } from '@/shared/DataTable'
import { CustomerLink } from '../parts/links'
import { ReviewTag } from '../parts/tags'
import { InvoiceActs } from './InvoiceActs'

export function useInvoiceColumns(): Column<FinanceInvoice>[] {
  const { t } = useTranslation(['finance', 'common'])
  return [
    { key: 'created_at', title: t('createdAt'), kind: 'time' },
    {
      key: 'operator_name',
      title: t('customer'),
      render: (row) => <CustomerLink id={row.operator_id} name={row.operator_name} />,
    },
    { key: 'amount', title: t('amount'), kind: 'money' },
    {
      key: 'invoice_title',
      title: t('invoices.invoiceTitle'),
      kind: 'long',
      render: (row) => (
        <>
          {row.invoice_title}
          <div>
            <CopyText text={row.tax_id} />
          </div>
        </>
      ),
    },
    {
      key: 'status',
      title: t('status'),
      render: (row) => <ReviewTag status={row.status} />,
    },
    { key: 'invoice_number', title: t('invoices.number'), kind: 'id' },
    { key: 'email', title: t('invoices.email') },
    { key: 'reject_reason', title: t('invoices.rejectReason'), kind: 'long', isHidden: true },
    { key: 'note', title: t('note'), kind: 'long', isHidden: true },
    { key: 'reviewed_by', title: t('reviewedBy'), isHidden: true },
    { key: 'reviewed_at', title: t('reviewedAt'), kind: 'time', isHidden: true },
    { key: 'invoice_id', title: t('id'), kind: 'id', isHidden: true },
    { key: 'actions', title: t('common:actions'), render: (row) => <InvoiceActs invoice={row} /> },
  ]
}

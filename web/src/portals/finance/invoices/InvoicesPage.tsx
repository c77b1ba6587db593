import { useTranslation } from 'react-i18next'
import { listAllInvoicesOptions } from '@/api/generated/@tanstack/react-query.gen'
import { UrlTabs } from '@/shared/DetailPage'
import { later } from '@/shared/later'
import { Page } from '@/shared/Page'
import { QueryTable } from '../parts/LaterQueryTable'
import { useCan } from '@/shared/session/can'
import { CountedLabel } from '../parts/CountedLabel'
import { useCustomerFilter } from '../parts/useCustomerFilter'
import { useReviewFilter } from '../parts/useReviewFilter'
import { usePendingInvoices } from '../parts/useWaiting'
import { useInvoiceColumns } from './columns'

const InvoicePreview = later(() => import('./InvoicePreview'))

export default function InvoicesPage() {
  const { t } = useTranslation(['finance', 'common'])
  const can = useCan()
  const columns = useInvoiceColumns()
  const shared = { list: listAllInvoicesOptions, rowKey: 'invoice_id' } as const
  // Who decides nothing has nothing to do in this list.
  const hidden = [
    'status',
    'invoice_number',
    'reject_reason',
    ...(can('can_review_invoice') ? [] : ['actions']),
  ]
  const undecided = columns.filter(({ key }) => !hidden.includes(key))
  return (
    <Page>
      <UrlTabs
        items={[
          {
            key: 'pending',
            label: <CountedLabel label={t('invoices.tabs.pending')} count={usePendingInvoices()} />,
            children: (
              <QueryTable
                {...shared}
                name="finance.invoices.pending"
                columns={undecided}
                fixed={{ status: 'pending' }}
                empty={{ text: t('invoices.emptyPending') }}
              />
            ),
          },
          {
            key: 'all',
            label: t('invoices.tabs.all'),
            children: (
              <QueryTable
                {...shared}
                name="finance.invoices.all"
                columns={columns}
                filters={[useCustomerFilter(), useReviewFilter()]}
                empty={{ text: t('invoices.empty') }}
              />
            ),
          },
        ]}
      />
      <InvoicePreview />
    </Page>
  )
}

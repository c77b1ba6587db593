import { useQuery } from '@tanstack/react-query'
import { Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { getInvoiceOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { CopyText } from '@/shared/CopyText'
import { Facts } from '@/shared/Facts'
import { Money } from '@/shared/Money'
import { StatusTag } from '@/shared/StatusTag'
import { Time } from '@/shared/Time'
import { ListedDrawer } from '../parts/ListedDrawer'
import { reviewTones } from '../parts/review'
import { InvoiceActions } from './InvoiceActions'

export default function InvoiceDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation(['operator', 'common'])
  const query = useQuery({ ...getInvoiceOptions({ path: { id } }), select: unwrap })
  return (
    <ListedDrawer title={t('invoices.detail')} query={query} onClose={onClose}>
      {(invoice) => (
        <Flex vertical gap={20}>
          <Facts
            items={[
              { label: t('invoices.amount'), value: <Money amount={invoice.amount} strong /> },
              {
                label: t('invoices.stateTitle'),
                value: (
                  <StatusTag tone={reviewTones[invoice.status]}>
                    {t(`invoices.state.${invoice.status}`)}
                  </StatusTag>
                ),
              },
              { label: t('invoices.number'), value: invoice.invoice_number ?? '—' },
              { label: t('invoices.email'), value: invoice.email ?? '—' },
              { label: t('invoices.askedAt'), value: <Time at={invoice.created_at} /> },
              { label: t('invoices.reviewedAt'), value: <Time at={invoice.reviewed_at} /> },
              { label: t('invoices.invoiceTitle'), value: invoice.invoice_title, isWide: true },
              { label: t('invoices.taxId'), value: <CopyText text={invoice.tax_id} />, isWide: true },
              ...(invoice.reject_reason
                ? [{ label: t('invoices.rejectReason'), value: invoice.reject_reason, isWide: true }]
                : []),
              { label: t('invoices.id'), value: <CopyText text={invoice.invoice_id} />, isWide: true },
            ]}
          />
          <p style={{ margin: 0 }}>{t(`invoices.next.${invoice.status}`)}</p>
          <InvoiceActions invoice={invoice} />
        </Flex>
      )}
    </ListedDrawer>
  )
}

import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { approveInvoice, rejectInvoice, type FinanceInvoice } from '@/api/generated'
import { Allowed } from '@/shared/Allowed'
import { useAct } from '@/shared/api/act'
import { ConfirmAction } from '@/shared/ConfirmAction'
import { formatMoney } from '@/shared/money'
import { RowActions } from '@/shared/RowActions'
import { useToasts } from '@/shared/toasts'
import { useUrlState } from '@/shared/url-state'
import { Approve } from '../parts/Approve'

interface Props {
  invoice: FinanceInvoice
}

/** What can be done with an invoice: decide about it, or look at the document. */
export function InvoiceActs({ invoice }: Props) {
  if (invoice.status === 'pending') {
    return (
      <Allowed to="can_review_invoice">
        <RowActions>
          <ApproveInvoice invoice={invoice} />
          <RejectInvoice invoice={invoice} />
        </RowActions>
      </Allowed>
    )
  }
  return invoice.pdf_url ? <PreviewButton invoice={invoice} /> : null
}

function ApproveInvoice({ invoice }: Props) {
  const { t } = useTranslation(['finance', 'common'])
  const { message } = useToasts()
  const [, change] = useUrlState()
  const approve = useAct(approveInvoice)
  return (
    <Approve
      label={t('invoices.approve')}
      hint={t('invoices.approveHint', {
        name: invoice.operator_name,
        amount: formatMoney(invoice.amount),
        title: invoice.invoice_title,
        taxId: invoice.tax_id,
      })}
      act={approve}
      request={(body) => ({ path: { id: invoice.invoice_id }, body })}
      onDone={({ invoice_number }) => {
        void message.success(t('invoices.approved', { number: invoice_number ?? undefined }))
        // The document is what one wants to see next.
        change({ pdf: invoice.invoice_id, number: invoice_number ?? undefined })
      }}
      button={{ type: 'link', size: 'small', children: t('approve') }}
    />
  )
}

function RejectInvoice({ invoice }: Props) {
  const { t } = useTranslation(['finance', 'common'])
  const reject = useAct(rejectInvoice, { done: t('invoices.rejected') })
  const told = { name: invoice.operator_name, amount: formatMoney(invoice.amount) }
  return (
    <ConfirmAction
      label={t('invoices.reject')}
      hint={`${t('invoices.rejectHint', told)} ${t('rejectReasonHint')}`}
      act={reject}
      request={(body) => ({ path: { id: invoice.invoice_id }, body })}
      reason={{ min: 10, max: 200 }}
      isDangerous
      button={{ type: 'link', size: 'small', children: t('reject') }}
    />
  )
}

function PreviewButton({ invoice }: Props) {
  const { t } = useTranslation(['finance', 'common'])
  const [, change] = useUrlState()
  return (
    <RowActions>
      <Button
        type="link"
        size="small"
        onClick={() => {
          change({ pdf: invoice.invoice_id, number: invoice.invoice_number ?? undefined })
        }}
      >
        {t('invoices.preview')}
      </Button>
    </RowActions>
  )
}

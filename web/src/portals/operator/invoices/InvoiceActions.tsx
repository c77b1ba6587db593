import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { InvoiceItem } from '@/api/generated'
import { later } from '@/shared/later'
import { RowActions } from '@/shared/RowActions'
import { useDownload } from '@/shared/useDownload'

const InvoicePreview = later(() => import('./InvoicePreview'))

interface InvoiceActionsProps {
  invoice: InvoiceItem
  /** Left out where the invoice is shown already. */
  onShow?: (id: string) => void
}

export function InvoiceActions({ invoice, onShow }: InvoiceActionsProps) {
  const { t } = useTranslation(['operator', 'common'])
  const download = useDownload()
  const [isPreviewed, setIsPreviewed] = useState(false)
  const url = `/v1/operators/me/invoices/${invoice.invoice_id}/pdf`
  const name = t('invoices.fileOf', { number: invoice.invoice_number ?? invoice.invoice_id })
  return (
    <RowActions>
      {onShow && (
        <Button
          type="link"
          size="small"
          onClick={() => {
            onShow(invoice.invoice_id)
          }}
        >
          {t('details')}
        </Button>
      )}
      {invoice.status === 'approved' && (
        <>
          <Button
            type="link"
            size="small"
            onClick={() => {
              setIsPreviewed(true)
            }}
          >
            {t('common:download.preview')}
          </Button>
          <Button type="link" size="small" onClick={() => void download(url, name)}>
            {t('common:download.download')}
          </Button>
        </>
      )}
      {isPreviewed && (
        <InvoicePreview
          url={url}
          title={name}
          onClose={() => {
            setIsPreviewed(false)
          }}
        />
      )}
    </RowActions>
  )
}

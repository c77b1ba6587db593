import { useTranslation } from 'react-i18next'
import { PdfPreview } from '@/shared/PdfPreview'
import { textOf, useUrlState } from '@/shared/url-state'

/** The document of the invoice that the address names, over the list. */
export default function InvoicePreview() {
  const { t } = useTranslation(['finance', 'common'])
  const [search, change] = useUrlState()
  const id = textOf(search, 'pdf')
  if (!id) return null
  return (
    <PdfPreview
      key={id}
      url={`/v1/finance/invoices/${encodeURIComponent(id)}/pdf`}
      title={t('invoices.previewOf', { number: textOf(search, 'number') ?? '' })}
      onClose={() => {
        change({ pdf: undefined, number: undefined })
      }}
    />
  )
}

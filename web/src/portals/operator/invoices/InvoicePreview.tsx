import { PdfPreview } from '@/shared/PdfPreview'

/** The document of an invoice over the page. */
export default function InvoicePreview({
  url,
  title,
  onClose,
}: {
  url: string
  title: string
  onClose: () => void
}) {
  return <PdfPreview url={url} title={title} onClose={onClose} />
}

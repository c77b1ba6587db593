import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getReportOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { PdfPreview } from '@/shared/PdfPreview'
import { textOf, useUrlState } from '@/shared/url-state'
import { useReportName } from './useReportName'

/** The document of the report that the address names, over the list. */
export default function ReportPreview() {
  const { t } = useTranslation(['finance', 'common'])
  const [search, change] = useUrlState()
  const id = textOf(search, 'pdf') ?? ''
  const nameOf = useReportName()
  const { data } = useQuery({ ...getReportOptions({ path: { id } }), select: unwrap })
  return (
    <PdfPreview
      key={id}
      url={`/v1/finance/reports/${encodeURIComponent(id)}/download`}
      title={data ? nameOf(data) : t('reports.title')}
      onClose={() => {
        change({ pdf: undefined })
      }}
    />
  )
}

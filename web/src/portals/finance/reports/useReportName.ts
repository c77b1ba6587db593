import { useTranslation } from 'react-i18next'
import type { ReportItem } from '@/api/generated'

/** What a report is called: its type and its days. */
export function useReportName(): (report: ReportItem) => string {
  const { t } = useTranslation(['finance', 'common'])
  return (report) =>
    t('reports.previewOf', {
      type: t(`reports.types.${report.report_type}`),
      period: periodText(report, (days) => t('reports.periodOf', days)),
    })
}

export function periodText(
  { start_date: start, end_date: end }: Pick<ReportItem, 'start_date' | 'end_date'>,
  join: (days: { start: string; end: string }) => string,
): string {
  return start === end ? start : join({ start, end })
}

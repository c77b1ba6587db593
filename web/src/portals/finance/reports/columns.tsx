import { Button, Progress } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ReportItem } from '@/api/generated'
import type { Column } from '@/shared/DataTable'
import { RowActions } from '@/shared/RowActions'
import { StatusTag } from '@/shared/StatusTag'
import { useUrlState } from '@/shared/url-state'
import { useDownload } from '@/shared/useDownload'
import { periodText, useReportName } from './useReportName'

export function useReportColumns(): Column<ReportItem>[] {
  const { t } = useTranslation(['finance', 'common'])
  return [
    {
      key: 'report_type',
      title: t('reports.type'),
      render: ({ report_type }) => t(`reports.types.${report_type}`),
    },
    {
      key: 'period',
      title: t('reports.period'),
      render: (report) => periodText(report, (days) => t('reports.periodOf', days)),
    },
    { key: 'format', title: t('reports.format'), render: ({ format }) => t(`reports.formats.${format}`) },
    {
      key: 'include_sections',
      title: t('reports.sections'),
      kind: 'long',
      isHidden: true,
      render: (report) =>
        report.include_sections.map((section) => t(`reports.section.${section}`)).join(' · '),
    },
    { key: 'status', title: t('status'), kind: 'long', render: (report) => <State report={report} /> },
    {
      key: 'file_size',
      title: t('reports.size'),
      kind: 'number',
      render: ({ file_size: bytes }) => (bytes ? `${String(Math.ceil(bytes / 1024))} KiB` : '—'),
    },
    {
      key: 'created_by',
      title: t('reports.createdBy'),
      render: (report) => (report.is_automatic ? t('reports.automatic') : report.created_by),
    },
    { key: 'created_at', title: t('reports.createdAt'), kind: 'time' },
    { key: 'completed_at', title: t('reports.completedAt'), kind: 'time', isHidden: true },
    { key: 'sha256', title: t('reports.sha256'), kind: 'id', isHidden: true },
    { key: 'report_id', title: t('id'), kind: 'id', isHidden: true },
    { key: 'actions', title: t('common:actions'), render: (report) => <Acts report={report} /> },
  ]
}

/** How far a report is, and why there is none. */
function State({ report }: { report: ReportItem }) {
  const { t } = useTranslation(['finance', 'common'])
  if (report.status === 'completed') {
    return <StatusTag tone="good">{t('reports.status.completed')}</StatusTag>
  }
  return (
    <>
      {report.status === 'failed' ? (
        <StatusTag tone="bad">{t('reports.status.failed')}</StatusTag>
      ) : (
        <Progress
          percent={report.progress}
          size="small"
          status="active"
          aria-label={t('reports.progressOf')}
          style={{ margin: 0, maxWidth: 220 }}
        />
      )}
      {report.error_message && <div>{report.error_message}</div>}
    </>
  )
}

function Acts({ report }: { report: ReportItem }) {
  const { t } = useTranslation(['finance', 'common'])
  const [, change] = useUrlState()
  const download = useDownload()
  const nameOf = useReportName()
  const url = report.download_url
  if (!url) return null
  return (
    <RowActions>
      {report.format === 'pdf' && (
        <Button
          type="link"
          size="small"
          onClick={() => {
            change({ pdf: report.report_id })
          }}
        >
          {t('reports.preview')}
        </Button>
      )}
      <Button type="link" size="small" onClick={() => void download(url, nameOf(report))}>
        {t('reports.download')}
      </Button>
    </RowActions>
  )
}

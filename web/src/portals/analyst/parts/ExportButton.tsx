import { DownloadOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { fileUrl } from '@/shared/download'
import { useDownload } from '@/shared/useDownload'
import { useAnalyticsQuery } from './query'

export type Report = 'by-operator' | 'by-site' | 'by-app' | 'trends' | 'player-distribution' | 'cross'

interface ExportButtonProps {
  report: Report
  parameters?: Record<string, string>
}

/** Everything that the filters leave, also what the page has no room for. */
export function ExportButton({ report, parameters }: ExportButtonProps) {
  const { t } = useTranslation(['analyst', 'common'])
  const download = useDownload()
  const query = useAnalyticsQuery()
  const items = (['xlsx', 'csv'] as const).map((format) => ({
    key: format,
    label: t(`export.${format}`),
    onClick: () => {
      const url = fileUrl('/v1/analytics/export', { report, ...parameters, ...query, format })
      void download(url, t(`export.${report}`))
    },
  }))
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <Button icon={<DownloadOutlined />}>{t('export.button')}</Button>
    </Dropdown>
  )
}

import { DownloadOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { fileUrl } from '@/shared/download'
import { useUrlState } from '@/shared/url-state'
import { useDownload } from '@/shared/useDownload'

interface ExportButtonProps {
  path: string
  /** What the file is called while it is received. */
  name: string
  /** The parameters of the address that the export takes, too. */
  parameters: string[]
}

/** Exports what the list shows, with the same filters. */
export function ExportButton({ path, name, parameters }: ExportButtonProps) {
  const { t } = useTranslation(['finance', 'common'])
  const [search] = useUrlState()
  const download = useDownload()
  const filters = Object.fromEntries(parameters.map((parameter) => [parameter, search[parameter]]))
  const items = [
    { key: 'csv', label: t('exportCsv') },
    { key: 'xlsx', label: t('exportXlsx') },
  ]
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items,
        onClick: ({ key }) => void download(fileUrl(path, { ...filters, format: key }), name),
      }}
    >
      <Button icon={<DownloadOutlined />}>{t('export')}</Button>
    </Dropdown>
  )
}

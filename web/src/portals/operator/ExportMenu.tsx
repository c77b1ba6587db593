import { DownloadOutlined } from '@ant-design/icons'
import { Button, Dropdown, type ButtonProps } from 'antd'
import { useTranslation } from 'react-i18next'
import { fileUrl } from '@/shared/download'
import { useDownload } from '@/shared/useDownload'
import type { Search } from '@/shared/url-state'

interface ExportMenuProps {
  path: string
  /** What the file is called while it comes. */
  name: string
  /** The filters of what is shown. */
  parameters: Search
  button?: ButtonProps
}

/** Writes what is shown, as far as its filters say, into a file. */
export function ExportMenu({ path, name, parameters, button }: ExportMenuProps) {
  const { t } = useTranslation(['operator', 'common'])
  const download = useDownload()
  const formats = ['xlsx', 'csv'] as const
  const items = formats.map((format) => ({
    key: format,
    label: t(`exports.${format}`),
    onClick: () => void download(fileUrl(path, { ...parameters, format }), name),
  }))
  return (
    <Dropdown menu={{ items }} trigger={['click']}>
      <Button icon={<DownloadOutlined />} {...button}>
        {t('exports.export')}
      </Button>
    </Dropdown>
  )
}

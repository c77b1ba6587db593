import { DownloadOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { fileUrl } from '@/shared/download'
import { Page } from '@/shared/Page'
import { textOf, useUrlState } from '@/shared/url-state'
import { useDownload } from '@/shared/useDownload'
import { AuditTable } from './AuditTable'
import { CheckButton, CheckResult, useCheck } from './ChainCheck'

const filters = ['start_time', 'end_time', 'actor_id', 'operation_type']

export default function AuditLogPage() {
  const check = useCheck()
  return (
    <Page
      actions={
        <>
          <CheckButton check={check} />
          <Export />
        </>
      }
    >
      <CheckResult check={check} />
      <AuditTable />
    </Page>
  )
}

/** What the list shows, all pages of it, as a file. */
function Export() {
  const { t } = useTranslation(['admin', 'common'])
  const [search] = useUrlState()
  const download = useDownload()
  const formats = ['xlsx', 'csv'] as const
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: formats.map((format) => ({
          key: format,
          label: format.toUpperCase(),
          onClick: () => {
            const chosen = Object.fromEntries(filters.map((name) => [name, textOf(search, name)]))
            void download(fileUrl('/v1/admin/audit-logs/export', { ...chosen, format }), t('audit.title'))
          },
        })),
      }}
    >
      <Button icon={<DownloadOutlined />}>{t('audit.export')}</Button>
    </Dropdown>
  )
}

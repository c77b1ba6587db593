import { Flex, Progress } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Progress as Received } from './download'

const sizeOf = (bytes: number) =>
  bytes < 1_048_576 ? `${String(Math.ceil(bytes / 1024))} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`

/** How far a download is. */
export default function DownloadProgress({ progress }: { progress: Received }) {
  const { t } = useTranslation()
  return (
    <Flex vertical>
      {progress.percent !== undefined && <Progress percent={progress.percent} size="small" />}
      <span className="figures">
        {progress.rows
          ? t('download.rows', {
              done: progress.rows.done.toLocaleString('en-US'),
              total: progress.rows.total.toLocaleString('en-US'),
            })
          : t('download.bytes', { done: sizeOf(progress.bytes) })}
      </span>
    </Flex>
  )
}

import { App, Button, Flex, Progress } from 'antd'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { receiveFile, saveFile, type Progress as Received } from './download'
import { problemWords } from './ProblemView'
import { randomId } from './random-id'

const sizeOf = (bytes: number) =>
  bytes < 1_048_576 ? `${String(Math.ceil(bytes / 1024))} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`

/** `const download = useDownload()`, then `download(fileUrl('/v1/…', filters), t('…name'))`: with progress and a way to stop. */
export function useDownload(): (url: string, name: string) => Promise<void> {
  const { t } = useTranslation()
  const { notification } = App.useApp()
  return useCallback(
    async (url, name) => {
      const key = randomId()
      const stop = new AbortController()
      const cancel = () => {
        stop.abort()
        notification.destroy(key)
      }
      let shownAt = 0
      const show = (progress: Received) => {
        const now = performance.now()
        if (now - shownAt < 150) return
        shownAt = now
        const actions = (
          <Button size="small" onClick={cancel}>
            {t('cancel')}
          </Button>
        )
        const description = <DownloadProgress progress={progress} />
        notification.open({
          key,
          title: t('download.running', { name }),
          description,
          actions,
          duration: 0,
          onClose: cancel,
        })
      }
      show({ bytes: 0 })
      try {
        saveFile(await receiveFile(url, stop.signal, show))
        notification.success({
          key,
          title: t('download.done', { name }),
          description: null,
          actions: null,
          duration: 4,
        })
      } catch (error) {
        if (stop.signal.aborted) return
        const { title, advice } = problemWords(error)
        notification.error({ key, title, description: advice, actions: null, duration: 0 })
      }
    },
    [notification, t],
  )
}

function DownloadProgress({ progress }: { progress: Received }) {
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

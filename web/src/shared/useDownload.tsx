import { Button } from 'antd'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { receiveFile, saveFile, type Progress as Received } from './download'
import { problemNotice } from './ProblemView'
import { later } from './later'
import { randomId } from './random-id'
import { useToasts } from './toasts'

/** Not every visit of a page with a download downloads something. */
const DownloadProgress = later(() => import('./DownloadProgress'))

/** `const download = useDownload()`, then `download(fileUrl('/v1/…', filters), t('…name'))`: with progress and a way to stop. */
export function useDownload(): (url: string, name: string) => Promise<void> {
  const { t } = useTranslation()
  const { notification } = useToasts()
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
        notification.error({ key, ...problemNotice(error), actions: null })
      }
    },
    [notification, t],
  )
}

import { DownloadOutlined } from '@ant-design/icons'
import { Button, Flex, Modal, Progress } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { receiveFile, saveFile, type ReceivedFile } from './download'
import { ProblemView } from './ProblemView'
import { useReturnFocus } from './return-focus'

interface PdfPreviewProps {
  /** Of the API; the file is received with the person's token. */
  url: string
  title: string
  onClose: () => void
}

/** A PDF over the page, to look at and to download. Render it while it is open. */
export function PdfPreview({ url, title, onClose }: PdfPreviewProps) {
  useReturnFocus()
  const { t } = useTranslation()
  const [percent, setPercent] = useState(0)
  const [result, setResult] = useState<{ file: ReceivedFile; shown: string } | { error: unknown }>()
  useEffect(() => {
    const stop = new AbortController()
    let shown: string | undefined
    receiveFile(url, stop.signal, (progress) => {
      setPercent(progress.percent ?? 0)
    }).then(
      (file) => {
        shown = URL.createObjectURL(file.blob)
        setResult({ file, shown })
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setResult({ error })
      },
    )
    return () => {
      stop.abort()
      if (shown) URL.revokeObjectURL(shown)
    }
  }, [url])
  const received = result && 'file' in result ? result : undefined
  return (
    <Modal
      open
      title={title}
      width="min(960px, 96vw)"
      style={{ top: 24 }}
      onCancel={onClose}
      footer={
        <Flex justify="end" gap={8}>
          <Button onClick={onClose}>{t('close')}</Button>
          <Button
            type="primary"
            icon={<DownloadOutlined />}
            disabled={!received}
            onClick={() => {
              if (received) saveFile(received.file)
            }}
          >
            {t('download.download')}
          </Button>
        </Flex>
      }
    >
      {result && 'error' in result && <ProblemView error={result.error} />}
      {!result && <Progress percent={percent} aria-label={t('loading')} />}
      {received && (
        <iframe title={title} src={received.shown} style={{ width: '100%', height: '70vh', border: 0 }} />
      )}
    </Modal>
  )
}

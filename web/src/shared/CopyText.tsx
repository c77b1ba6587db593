import { CheckOutlined, CopyOutlined } from '@ant-design/icons'
import { Button, Tooltip } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { copyText } from './copy'

interface CopyTextProps {
  text: string
  /** What is shown; the text itself unless given. */
  shown?: string
  /** Shows the first characters only; ids are recognised by them. */
  short?: boolean
}

/** An id or a key with a button that copies it. */
export function CopyText({ text, shown, short }: CopyTextProps) {
  const { t } = useTranslation()
  const [isCopied, setIsCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return undefined
    const timer = setTimeout(() => {
      setIsCopied(false)
    }, 1500)
    return () => {
      clearTimeout(timer)
    }
  }, [isCopied])
  // Ids begin with the time they were made, so the end tells neighbours apart.
  const visible = shown ?? (short && text.length > 18 ? `${text.slice(0, 8)}…${text.slice(-6)}` : text)
  return (
    <span style={{ whiteSpace: short ? 'nowrap' : undefined }}>
      <span className="code" title={text} style={{ overflowWrap: 'anywhere' }}>
        {visible}
      </span>
      <Tooltip title={isCopied ? t('copied') : t('copy')}>
        <Button
          type="text"
          size="small"
          aria-label={t('copyOf', { text })}
          icon={isCopied ? <CheckOutlined /> : <CopyOutlined />}
          onClick={(event) => {
            event.stopPropagation()
            void copyText(text).then(() => {
              setIsCopied(true)
            })
          }}
        />
      </Tooltip>
    </span>
  )
}

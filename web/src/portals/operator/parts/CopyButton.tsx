import { CheckOutlined, CopyOutlined } from '@ant-design/icons'
import { Button, type ButtonProps } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { copyText } from '@/shared/copy'

/** Copies what is too long, or too secret, to be shown beside the button. */
export function CopyButton({ text, label, ...button }: { text: string; label: string } & ButtonProps) {
  const { t } = useTranslation('common')
  const [copied, setCopied] = useState<string>()
  useEffect(() => {
    if (copied === undefined) return undefined
    const timer = setTimeout(() => {
      setCopied(undefined)
    }, 1500)
    return () => {
      clearTimeout(timer)
    }
  }, [copied])
  const isCopied = copied === text
  return (
    <Button
      {...button}
      icon={isCopied ? <CheckOutlined /> : <CopyOutlined />}
      onClick={() => {
        void copyText(text).then(() => {
          setCopied(text)
        })
      }}
    >
      {isCopied ? t('copied') : label}
    </Button>
  )
}

import { Modal } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useReturnFocus } from './return-focus'

interface QuestionModalProps {
  title: string
  submitLabel: string
  /** In pixels. */
  width?: number
  onSubmit: () => void
  onClose: () => void
  children: ReactNode
}

/** Shows once more what a form is about to send. Render it while it asks and not otherwise. */
export function QuestionModal(props: QuestionModalProps) {
  const { t } = useTranslation()
  useReturnFocus()
  return (
    <Modal
      open
      width={props.width}
      title={props.title}
      okText={props.submitLabel}
      cancelText={t('cancel')}
      onOk={() => {
        props.onClose()
        props.onSubmit()
      }}
      onCancel={props.onClose}
      mask={{ closable: false }}
    >
      {props.children}
    </Modal>
  )
}

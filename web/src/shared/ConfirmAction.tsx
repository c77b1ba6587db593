import { Button, Form, Input, Modal, type ButtonProps } from 'antd'
import { useId, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Act } from './api/act'
import { useRules } from './rules'
import { ServerForm, useServerForm } from './ServerForm'

interface ConfirmActionProps<Request, Answer> {
  /** On the button and over the question. */
  label: string
  /** What will happen, in a sentence. */
  hint: ReactNode
  act: Act<Request, Answer>
  request: (values: { reason: string }) => Request
  /** Asks why, where the API wants to know; `min` 0 makes it optional. */
  reason?: { min: number; max: number }
  onDone?: (answer: Answer) => void
  isDangerous?: boolean
  button?: ButtonProps
}

/** A button for what moves money or locks somebody out: it says what will happen, asks why, and then acts. */
export function ConfirmAction<Request, Answer>(props: ConfirmActionProps<Request, Answer>) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <Button
        danger={props.isDangerous}
        {...props.button}
        onClick={() => {
          setIsOpen(true)
        }}
      >
        {props.label}
      </Button>
      {isOpen && (
        <Question
          {...props}
          onClose={() => {
            setIsOpen(false)
          }}
        />
      )}
    </>
  )
}

function Question<Request, Answer>(props: ConfirmActionProps<Request, Answer> & { onClose: () => void }) {
  const { t } = useTranslation()
  const rules = useRules()
  const id = useId()
  const { reason, onClose, onDone } = props
  const parts = useServerForm<{ reason: string }, Request, Answer>({
    ...props,
    onDone: (answer) => {
      onClose()
      onDone?.(answer)
    },
  })
  return (
    <Modal
      open
      width={460}
      title={props.label}
      okText={props.label}
      cancelText={t('cancel')}
      okButtonProps={{
        htmlType: 'submit',
        form: id,
        danger: props.isDangerous,
        loading: props.act.isPending,
      }}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <ServerForm id={id} parts={parts}>
        <div style={{ marginBlockEnd: 16 }}>{props.hint}</div>
        {reason && (
          <Form.Item
            name="reason"
            label={reason.min > 0 ? t('reason') : `${t('reason')} (${t('optional')})`}
            rules={rules.length(t('reason'), reason.min, reason.max)}
          >
            <Input.TextArea
              autoSize={{ minRows: 2, maxRows: 6 }}
              maxLength={reason.max}
              showCount
              autoFocus
            />
          </Form.Item>
        )}
      </ServerForm>
    </Modal>
  )
}

import { Button, Form, Input, type ButtonProps } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Act } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import { useRules } from '@/shared/rules'

interface ApproveProps<Request, Answer> {
  label: string
  /** What will happen, in a sentence. */
  hint: ReactNode
  act: Act<Request, Answer>
  request: (body: { note?: string }) => Request
  onDone?: (answer: Answer) => void
  button?: ButtonProps
}

/** Approves after saying what will happen; the note is for colleagues and may be left out. */
export function Approve<Request, Answer>({ label, hint, button, ...form }: ApproveProps<Request, Answer>) {
  const { t } = useTranslation(['finance', 'common'])
  const [isOpen, setIsOpen] = useState(false)
  const rules = useRules()
  return (
    <>
      <Button
        type="primary"
        {...button}
        onClick={() => {
          setIsOpen(true)
        }}
      >
        {button?.children ?? label}
      </Button>
      {isOpen && (
        <FormModal<{ note?: string }, Request, Answer>
          {...form}
          title={label}
          submitLabel={label}
          onClose={() => {
            setIsOpen(false)
          }}
        >
          <p style={{ marginBlockStart: 0 }}>{hint}</p>
          <Form.Item
            name="note"
            label={`${t('note')} (${t('common:optional')})`}
            extra={t('noteHint')}
            rules={rules.length(t('note'), 0, 200)}
          >
            <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={200} showCount />
          </Form.Item>
        </FormModal>
      )}
    </>
  )
}

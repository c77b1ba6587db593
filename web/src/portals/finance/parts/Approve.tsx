import { Button, type ButtonProps } from 'antd'
import { useState, type ReactNode } from 'react'
import type { Act } from '@/shared/api/act'
import { later } from '@/shared/later'

export interface ApproveFormProps<Request, Answer> {
  label: string
  /** What will happen, in a sentence. */
  hint: ReactNode
  act: Act<Request, Answer>
  request: (body: { note?: string }) => Request
  onDone?: (answer: Answer) => void
  onClose: () => void
}

interface ApproveProps<Request, Answer> extends Omit<ApproveFormProps<Request, Answer>, 'onClose'> {
  button?: ButtonProps
}

const ApproveForm = later<ApproveFormProps<unknown, unknown>>(() => import('./ApproveForm'))

/** Approves after saying what will happen; the note is for colleagues and may be left out. */
export function Approve<Request, Answer>({ button, ...props }: ApproveProps<Request, Answer>) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <Button
        type="primary"
        {...button}
        onClick={() => {
          setIsOpen(true)
        }}
      >
        {button?.children ?? props.label}
      </Button>
      {isOpen && (
        <ApproveForm
          {...(props as unknown as Omit<ApproveFormProps<unknown, unknown>, 'onClose'>)}
          onClose={() => {
            setIsOpen(false)
          }}
        />
      )}
    </>
  )
}

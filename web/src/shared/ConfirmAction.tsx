import { Button, type ButtonProps } from 'antd'
import { useState, type ReactNode } from 'react'
import type { Act } from './api/act'
import { later } from './later'

export type QuestionProps = ConfirmActionProps<unknown, unknown> & { onClose: () => void }

export interface ConfirmActionProps<Request, Answer> {
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

const Question = later<QuestionProps>(() => import('./ConfirmQuestion'))

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
        {props.button?.children ?? props.label}
      </Button>
      {isOpen && (
        <Question
          {...(props as ConfirmActionProps<unknown, unknown>)}
          onClose={() => {
            setIsOpen(false)
          }}
        />
      )}
    </>
  )
}

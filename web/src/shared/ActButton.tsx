import { Button, type ButtonProps } from 'antd'
import type { Act } from './api/act'
import { problemNotice } from './ProblemView'
import { useToasts } from './toasts'

interface ActButtonProps<Request, Answer> extends Omit<ButtonProps, 'onClick'> {
  act: Act<Request, Answer>
  request: Request
}

/** A button that acts at once, for what can be undone or does no harm. A failure is told over the page. */
export function ActButton<Request, Answer>({ act, request, ...button }: ActButtonProps<Request, Answer>) {
  const { notification } = useToasts()
  return (
    <Button
      loading={act.isPending}
      {...button}
      onClick={() => {
        act.mutate(request, {
          onError: (error) => {
            notification.error(problemNotice(error))
          },
        })
      }}
    />
  )
}

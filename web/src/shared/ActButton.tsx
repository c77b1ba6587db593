import { App, Button, type ButtonProps } from 'antd'
import type { Act } from './api/act'
import { problemWords } from './ProblemView'

interface ActButtonProps<Request, Answer> extends Omit<ButtonProps, 'onClick'> {
  act: Act<Request, Answer>
  request: Request
}

/** A button that acts at once, for what can be undone or does no harm. A failure is told in a toast. */
export function ActButton<Request, Answer>({ act, request, ...button }: ActButtonProps<Request, Answer>) {
  const { notification } = App.useApp()
  return (
    <Button
      loading={act.isPending}
      {...button}
      onClick={() => {
        act.mutate(request, {
          onError: (error) => {
            const { title, advice } = problemWords(error)
            notification.error({ title, description: advice })
          },
        })
      }}
    />
  )
}

/** What is told in passing, over whatever page is open: `const { message } = useToasts()`. */
import { theme } from 'antd'
import useMessage from 'antd/es/message/useMessage'
import useNotification from 'antd/es/notification/useNotification'
import { createContext, use, useMemo, type ReactNode } from 'react'

interface Toasts {
  /** A line that goes by itself. */
  message: ReturnType<typeof useMessage>[0]
  /** With a title and more, such as how far a download is. */
  notification: ReturnType<typeof useNotification>[0]
}

const ToastContext = createContext<Toasts | undefined>(undefined)

/** The library's `App` does the same and brings dialogs along, for which every first page would wait. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [message, messages] = useMessage({ duration: 3 })
  const [notification, notifications] = useNotification({ placement: 'topRight' })
  const toasts = useMemo(() => ({ message, notification }), [message, notification])
  const { token } = theme.useToken()
  const { colorText: color, fontSize, lineHeight, fontFamily } = token
  return (
    <ToastContext value={toasts}>
      <div style={{ height: '100%', color, fontSize, lineHeight, fontFamily }}>
        {messages}
        {notifications}
        {children}
      </div>
    </ToastContext>
  )
}

export function useToasts(): Toasts {
  const toasts = use(ToastContext)
  if (!toasts) throw new Error('useToasts is used outside of ToastProvider')
  return toasts
}

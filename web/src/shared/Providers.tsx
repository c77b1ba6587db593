import { QueryClientProvider } from '@tanstack/react-query'
import { ConfigProvider, theme } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { useLayoutEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient } from './api/queries'
import { themeOf, useIsDark, useIsStill } from './theme'
import { ToastProvider } from './toasts'

/** What everything stands in: colours, language of the components, toasts, server state. */
export function Providers({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation()
  const isDark = useIsDark()
  const isStill = useIsStill()
  return (
    <ConfigProvider
      theme={themeOf(isDark, isStill)}
      locale={i18n.language === 'zh' ? zhCN : enUS}
      button={{ autoInsertSpace: false }}
      form={{ validateMessages: {} }}
    >
      <ToastProvider>
        <PageColours isDark={isDark} />
        <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
      </ToastProvider>
    </ConfigProvider>
  )
}

/** Colours for what stands outside the components, such as the ground of the page and plain links. */
function PageColours({ isDark }: { isDark: boolean }) {
  const { token } = theme.useToken()
  useLayoutEffect(() => {
    const { style } = document.documentElement
    style.colorScheme = isDark ? 'dark' : 'light'
    style.backgroundColor = token.colorBgLayout
    style.setProperty('--focus', token.colorPrimary)
    style.setProperty('--link', token.colorLink)
    style.setProperty('--line', token.colorBorderSecondary)
  }, [isDark, token])
  return null
}

import { Flex } from 'antd'
import type { ReactNode } from 'react'
import { useDocumentTitle } from '@/shared/document-title'
import { LanguageSwitch } from '@/shared/LanguageSwitch'
import { Logo } from '@/shared/Logo'
import { Panel } from '@/shared/Panel'

interface DoorProps {
  title: string
  /** Under the title. */
  hint?: string
  width?: number
  children: ReactNode
}

/** The pages before signing in. */
export function Door({ title, hint, width = 400, children }: DoorProps) {
  useDocumentTitle(title)
  return (
    <Flex vertical style={{ minHeight: '100%' }}>
      <Flex justify="space-between" align="center" style={{ padding: '12px 20px' }}>
        <Logo />
        <LanguageSwitch />
      </Flex>
      <Flex component="main" flex={1} justify="center" align="center" style={{ padding: '16px 16px 10vh' }}>
        <Panel style={{ width: '100%', maxWidth: width, padding: 12 }}>
          <Flex vertical gap={16}>
            <div>
              <h1 style={{ margin: 0, fontSize: 22 }}>{title}</h1>
              {hint && <p style={{ margin: '4px 0 0', opacity: 0.75 }}>{hint}</p>}
            </div>
            {children}
          </Flex>
        </Panel>
      </Flex>
    </Flex>
  )
}

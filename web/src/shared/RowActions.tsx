import { Flex } from 'antd'
import type { ReactNode } from 'react'

/** What can be done with a row: small link buttons, whose words begin where the column's title begins. */
export function RowActions({ children }: { children: ReactNode }) {
  return (
    <Flex gap={4} style={{ marginInlineStart: -8 }}>
      {children}
    </Flex>
  )
}

import { Flex } from 'antd'
import type { ReactNode } from 'react'

/** A chart and its table: beside each other where there is room, else below. */
export function SideBySide({ chart, table }: { chart: ReactNode; table: ReactNode }) {
  return (
    <Flex gap={24} wrap align="start">
      <div style={{ flex: '1 1 320px', minWidth: 0 }}>{chart}</div>
      <div style={{ flex: '1 1 500px', minWidth: 0 }}>{table}</div>
    </Flex>
  )
}

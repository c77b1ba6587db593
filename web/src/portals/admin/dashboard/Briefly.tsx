import type { UseQueryResult } from '@tanstack/react-query'
import { Empty, Flex, Skeleton, theme } from 'antd'
import type { ReactNode } from 'react'
import { ProblemView } from '@/shared/ProblemView'

interface Row {
  text: ReactNode
  detail?: string
  time: ReactNode
  /** What can be done about it. */
  end?: ReactNode
}

interface BrieflyProps<Item> {
  query: UseQueryResult<{ items: Item[] }, unknown>
  empty: string
  rowKey: (item: Item) => string
  row: (item: Item) => Row
}

/** The first few of a list, two lines each. */
export function Briefly<Item>({ query, empty, rowKey, row }: BrieflyProps<Item>) {
  const { token } = theme.useToken()
  const quiet = { color: token.colorTextDescription, fontSize: 13 }
  if (query.error) return <ProblemView error={query.error} onRetry={() => void query.refetch()} />
  if (!query.data) return <Skeleton active title={false} paragraph={{ rows: 4 }} />
  if (query.data.items.length === 0) {
    return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={empty} />
  }
  return (
    <ul style={{ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: 12 }}>
      {query.data.items.map((item) => {
        const { text, detail, time, end } = row(item)
        return (
          <li key={rowKey(item)}>
            <Flex justify="space-between" gap={12} align="start" wrap>
              <div style={{ flex: '1 1 220px', minWidth: 0, overflowWrap: 'anywhere' }}>
                <div>{text}</div>
                {detail && <div style={quiet}>{detail}</div>}
              </div>
              <Flex vertical align="end" style={quiet}>
                {time}
                {end}
              </Flex>
            </Flex>
          </li>
        )
      })}
    </ul>
  )
}

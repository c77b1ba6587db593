import type { UseQueryResult } from '@tanstack/react-query'
import { Drawer, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { ProblemView } from '@/shared/ProblemView'
import { useReturnFocus } from '@/shared/return-focus'

interface ListedDrawerProps<Item> {
  title: string
  query: UseQueryResult<Item, unknown>
  onClose: () => void
  children: (item: Item) => ReactNode
}

/** One thing of a list beside the list; its address can be sent. */
export function ListedDrawer<Item>({ title, query, onClose, children }: ListedDrawerProps<Item>) {
  useReturnFocus()
  let content: ReactNode
  if (query.data !== undefined) content = children(query.data)
  else if (query.error) content = <ProblemView error={query.error} onRetry={() => void query.refetch()} />
  else content = <Skeleton active paragraph={{ rows: 6 }} />
  return (
    <Drawer open title={title} size="min(520px, 100vw)" onClose={onClose}>
      {content}
    </Drawer>
  )
}

import type { UseQueryResult } from '@tanstack/react-query'
import { Drawer, Empty, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemView } from '@/shared/ProblemView'
import { useReturnFocus } from '@/shared/return-focus'

interface ListedDrawerProps<Item> {
  title: string
  query: UseQueryResult<Item | null>
  onClose: () => void
  children: (item: Item) => ReactNode
}

/** One thing of a list beside the list; its address can be sent. */
export function ListedDrawer<Item>({ title, query, onClose, children }: ListedDrawerProps<Item>) {
  useReturnFocus()
  const { t } = useTranslation('common')
  let content: ReactNode
  if (query.error) content = <ProblemView error={query.error} onRetry={() => void query.refetch()} />
  else if (query.data === undefined) content = <Skeleton active paragraph={{ rows: 6 }} />
  else if (query.data === null) content = <Empty description={t('errors.RESOURCE_NOT_FOUND')} />
  else content = children(query.data)
  return (
    <Drawer open title={title} size="min(520px, 100vw)" onClose={onClose}>
      {content}
    </Drawer>
  )
}

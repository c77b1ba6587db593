import { useQuery, type UseQueryOptions } from '@tanstack/react-query'
import { Alert, Drawer, Flex, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Facts } from './Facts'
import { momentOf, timeOfId } from './id-time'
import { ProblemView } from './ProblemView'
import { useReturnFocus } from './return-focus'
import { textOf, useUrlState } from './url-state'

type Fact = Parameters<typeof Facts>[0]['items'][number]

interface RecordDrawerProps<Row> {
  id: string
  title: string
  /** The generated options of the list that holds the record. */
  list: (options: never) => { queryKey: readonly unknown[] }
  idOf: (row: Row) => string
  facts: (row: Row) => Fact[]
  /** Where to go from the record. */
  links?: (row: Row) => ReactNode
  /** Stand over and under the facts. */
  notice?: (row: Row) => ReactNode
  children?: (row: Row) => ReactNode
  /** In pixels. */
  width?: number
}

/**
 * One record of a list, beside it. The address names it, so that it can be sent to somebody. No endpoint gives a single
 * record, but its id, or the address, tells the moment at which the list has it.
 */
export default function RecordDrawer<Row>(props: RecordDrawerProps<Row>) {
  useReturnFocus()
  const { t } = useTranslation()
  const [search, change] = useUrlState()
  const moment = momentOf(textOf(search, 'at') ?? timeOfId(props.id))
  const options = props.list({ query: { ...moment, page_size: 100 } } as never)
  const result = useQuery({
    ...(options as UseQueryOptions<{ items: Row[] }>),
    enabled: moment !== undefined,
    staleTime: Infinity,
  })
  const row = result.data?.items.find((item) => props.idOf(item) === props.id)
  return (
    <Drawer
      open
      size={`min(${String(props.width ?? 420)}px, 100vw)`}
      title={props.title}
      onClose={() => {
        change({ id: undefined, at: undefined })
      }}
      extra={row && <span style={{ fontSize: 14 }}>{props.links?.(row)}</span>}
    >
      {result.isLoading && <Skeleton active paragraph={{ rows: 6 }} />}
      {result.error && <ProblemView error={result.error} onRetry={() => void result.refetch()} />}
      {row && (
        <Flex vertical gap={20}>
          {props.notice?.(row)}
          <Facts items={props.facts(row)} />
          {props.children?.(row)}
        </Flex>
      )}
      {!row && !result.isLoading && !result.error && (
        <Alert type="info" showIcon title={t('record.missing')} description={t('record.missingHint')} />
      )}
    </Drawer>
  )
}

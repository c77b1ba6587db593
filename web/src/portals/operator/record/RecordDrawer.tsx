import { useQuery, type UseQueryOptions } from '@tanstack/react-query'
import { Alert, Drawer, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Facts } from '@/shared/Facts'
import { ProblemView } from '@/shared/ProblemView'
import { useReturnFocus } from '@/shared/return-focus'
import { useUrlState } from '@/shared/url-state'
import { momentOfId } from './id-time'

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
}

/**
 * One record of a list, beside it. The address names it, so that it can be sent to somebody. No endpoint gives a single
 * record, but its id tells the moment at which the list has it.
 */
export default function RecordDrawer<Row>(props: RecordDrawerProps<Row>) {
  useReturnFocus()
  const { t } = useTranslation(['operator', 'common'])
  const [, change] = useUrlState()
  const moment = momentOfId(props.id)
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
      size={420}
      title={props.title}
      onClose={() => {
        change({ id: undefined })
      }}
      extra={row && <span style={{ fontSize: 14 }}>{props.links?.(row)}</span>}
    >
      {result.isLoading && <Skeleton active paragraph={{ rows: 6 }} />}
      {result.error && <ProblemView error={result.error} onRetry={() => void result.refetch()} />}
      {row && <Facts items={props.facts(row)} />}
      {!row && !result.isLoading && !result.error && (
        <Alert type="info" showIcon title={t('record.missing')} description={t('record.missingHint')} />
      )}
    </Drawer>
  )
}

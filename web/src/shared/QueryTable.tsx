import {
  keepPreviousData,
  useQuery,
  type QueryFunction,
  type SkipToken,
  type UseQueryOptions,
} from '@tanstack/react-query'
import { Button, Grid } from 'antd'
import { useTranslation } from 'react-i18next'
import { DataTable, type DataTableProps } from './DataTable'
import { FilterBar, parametersOf, type Filter } from './FilterBar'
import { textOf, useUrlState, type Search } from './url-state'

/** A page of a list, as the API answers it. */
interface ListAnswer {
  items: object[]
  page: number
  page_size: number
  total: number
  total_is_lower_bound?: boolean | null
}

interface ListOptions<Answer> {
  queryKey: readonly unknown[]
  queryFn?: QueryFunction<Answer, never> | SkipToken
}

interface QueryTableProps<Answer extends ListAnswer> extends Pick<
  DataTableProps<Answer['items'][number]>,
  'name' | 'columns' | 'rowKey' | 'empty' | 'rowClassName'
> {
  /** The generated options of the operation, such as `listOperatorsOptions`. */
  list: (options: never) => ListOptions<Answer>
  filters?: Filter[]
  /** Parameters that are chosen elsewhere, such as whose rows they are. */
  fixed?: Search
  /** Parameters of the path, for lists below one thing. */
  path?: Record<string, string>
}

const defaultPageSize = 20

/** What the address says about the list, as parameters of the request. */
function parametersFrom(search: Search, names: string[]): Search {
  return Object.fromEntries(
    names.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]])),
  )
}

/** A list of the API: paging, order and filters are the server's work and are kept in the address. */
export function QueryTable<Answer extends ListAnswer>(props: QueryTableProps<Answer>) {
  const { t } = useTranslation()
  const screens = Grid.useBreakpoint()
  const [search, change] = useUrlState()
  const filters = props.filters ?? []
  const filterNames = parametersOf(filters)
  const query = {
    ...parametersFrom(search, [...filterNames, 'page', 'page_size', 'sort_by', 'sort_order']),
    ...props.fixed,
  }
  const options = props.list({ query, ...(props.path && { path: props.path }) } as never)
  const result = useQuery({ ...(options as UseQueryOptions<Answer>), placeholderData: keepPreviousData })
  const answer = result.data
  const isFiltered = filterNames.some((name) => search[name] !== undefined)
  const clear = () => {
    change(Object.fromEntries([...filterNames, 'page'].map((name) => [name, undefined])))
  }
  return (
    <DataTable<Answer['items'][number]>
      name={props.name}
      columns={props.columns}
      rowKey={props.rowKey}
      rowClassName={props.rowClassName}
      rows={answer?.items}
      isLoading={result.isLoading}
      isFetching={result.isFetching}
      error={result.error}
      onRefresh={() => void result.refetch()}
      toolbar={filters.length > 0 && <FilterBar filters={filters} />}
      empty={
        isFiltered
          ? {
              text: t('table.emptyFiltered'),
              action: <Button onClick={clear}>{t('table.clearFilters')}</Button>,
            }
          : props.empty
      }
      sort={{ by: textOf(search, 'sort_by'), order: textOf(search, 'sort_order') === 'asc' ? 'asc' : 'desc' }}
      pagination={{
        current: answer?.page ?? 1,
        pageSize: answer?.page_size ?? defaultPageSize,
        total: answer?.total ?? 0,
        showSizeChanger: true,
        pageSizeOptions: [20, 50, 100],
        simple: screens.md === false,
        hideOnSinglePage: (answer?.total ?? 0) === 0,
        showTotal: (total) =>
          t(answer?.total_is_lower_bound ? 'table.totalAtLeast' : 'table.total', {
            total: total.toLocaleString('en-US'),
          }),
        style: { paddingInline: 12 },
      }}
      onChange={(pagination, _, sorter, extra) => {
        if (extra.action === 'sort') {
          const chosen = [sorter].flat()[0]
          const order = chosen?.order === 'ascend' ? 'asc' : 'desc'
          const by = chosen?.order ? String(chosen.columnKey) : undefined
          change({ sort_by: by, sort_order: by && order, page: undefined })
          return
        }
        const isResized = pagination.pageSize !== (answer?.page_size ?? defaultPageSize)
        change({
          page: isResized || pagination.current === 1 ? undefined : String(pagination.current),
          page_size: pagination.pageSize === defaultPageSize ? undefined : String(pagination.pageSize),
        })
      }}
    />
  )
}

import { useInfiniteQuery } from '@tanstack/react-query'

interface ListAnswer<Row> {
  items: Row[]
  page: number
  page_size: number
  total: number
}

interface SearchBack<Row> {
  rows: Row[] | undefined
  /** How many requests were looked at so far. */
  searched: number
  hasOlder: boolean
  isLoading: boolean
  isFetching: boolean
  error: unknown
  searchOlder: () => void
  refresh: () => void
}

const pageSize = 100

/**
 * What one customer asked for, out of the list of all customers: the API has no filter for it, so the newest requests
 * are read, and older ones when somebody wants them.
 */
export function useSearchBack<Row extends { operator_id: string }>(
  operation: string,
  operatorId: string,
  read: (query: { page: number; page_size: number }) => Promise<{ data?: ListAnswer<Row> }>,
): SearchBack<Row> {
  const query = useInfiniteQuery({
    // The name of the operation lets news about it reach this query, too.
    queryKey: [{ _id: operation, searchedFor: operatorId }],
    queryFn: async ({ pageParam }) => (await read({ page: pageParam, page_size: pageSize })).data,
    initialPageParam: 1,
    getNextPageParam: (last) => (last && last.page * last.page_size < last.total ? last.page + 1 : undefined),
  })
  const pages = query.data?.pages ?? []
  return {
    rows:
      query.data &&
      pages.flatMap((page) => page?.items ?? []).filter((row) => row.operator_id === operatorId),
    searched: pages.reduce((sum, page) => sum + (page?.items.length ?? 0), 0),
    hasOlder: query.hasNextPage,
    isLoading: query.isLoading,
    isFetching: query.isFetching,
    error: query.error,
    searchOlder: () => void query.fetchNextPage(),
    refresh: () => void query.refetch(),
  }
}

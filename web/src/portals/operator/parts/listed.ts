/** One thing out of a list, for what the API lists but has no address of its own for. */
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { textOf, useUrlState } from '@/shared/url-state'

interface ListPage<Item> {
  items: Item[]
  total: number
}

/** Whoever follows a link to something this old is better served by the list's filters. */
const mostPages = 20
const pageSize = 100

/** What the address shows in detail: `?refund=refund_…`; and how to show another one, or none. */
export function useShown(name: string): [string | undefined, (id: string | undefined) => void] {
  const [search, change] = useUrlState()
  return [
    textOf(search, name),
    (id) => {
      change({ [name]: id })
    },
  ]
}

/**
 * Looks for the thing page by page; `null` when it is not there. The key begins like that of the list's operation, so
 * that news about the list is news about the thing too.
 */
export function useListed<Item extends object>(
  operation: string,
  read: (query: { page: number; page_size: number }) => Promise<ListPage<Item>>,
  isIt: (item: Item) => boolean,
  id: string,
): UseQueryResult<Item | null> {
  return useQuery({
    queryKey: [{ _id: operation, listed: id }],
    queryFn: async () => {
      for (let page = 1; page <= mostPages; page += 1) {
        const { items, total } = await read({ page, page_size: pageSize })
        const found = items.find(isIt)
        if (found) return found
        if (page * pageSize >= total) break
      }
      return null
    },
  })
}

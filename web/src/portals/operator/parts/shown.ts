import { textOf, useUrlState } from '@/shared/url-state'

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

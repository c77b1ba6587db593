import { QueryClient } from '@tanstack/react-query'
import { isPassing } from './problem'

/** Takes `data` out of an answer: `useQuery({ ...getProfileOptions(), select: unwrap })`. */
export function unwrap<T>(answer: { data: T }): T {
  return answer.data
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => isPassing(error) && failures < 2,
    },
  },
})

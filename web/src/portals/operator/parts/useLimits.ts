import { useQuery } from '@tanstack/react-query'
import { getLimitsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'

/** What bounds the operator's money: top-ups, invoices, and when the balance is low. */
export function useLimits() {
  return useQuery({ ...getLimitsOptions(), select: unwrap })
}

/** How much waits for the finance staff; the same counts stand on the dashboard and beside the lists. */
import { useQuery } from '@tanstack/react-query'
import {
  listAllInvoicesOptions,
  listAllRechargesOptions,
  listAllRefundsOptions,
} from '@/api/generated/@tanstack/react-query.gen'

const total = (answer: { total: number }) => answer.total

export function usePendingRefunds(): number | undefined {
  return useQuery({
    ...listAllRefundsOptions({ query: { status: 'pending', page_size: 1 } }),
    select: total,
  }).data
}

export function useFailedPayouts(): number | undefined {
  return useQuery({
    ...listAllRefundsOptions({ query: { payout_status: 'failed', page_size: 1 } }),
    select: total,
  }).data
}

export function usePendingInvoices(): number | undefined {
  return useQuery({
    ...listAllInvoicesOptions({ query: { status: 'pending', page_size: 1 } }),
    select: total,
  }).data
}

export function useAbnormalOrders(): number | undefined {
  return useQuery({
    ...listAllRechargesOptions({ query: { status: 'abnormal', page_size: 1 } }),
    select: total,
    // Nobody tells the finance staff of an order that becomes abnormal.
    refetchInterval: 30_000,
  }).data
}

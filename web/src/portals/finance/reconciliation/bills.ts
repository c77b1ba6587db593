/** The daily bills of the providers and what came of holding them against our orders. */
import type { UseQueryOptions } from '@tanstack/react-query'
import type { PaymentMethod, RunStatus } from '@/api/generated'
import { listReconciliationsOptions } from '@/api/generated/@tanstack/react-query.gen'

/**
 * One bill. The API's description calls two different things `RunItem` and the generated type is that of the other, so
 * this one is written out.
 */
export interface Bill {
  date: string
  payment_method: PaymentMethod
  status: RunStatus
  ours_count: number
  ours_amount: string
  theirs_count: number
  theirs_amount: string
  refunds_count: number
  refunds_amount: string
  differences_count: number
  error?: string | null
  run_by: string
  started_at: string
  finished_at?: string | null
}

/** A bill with what tells it from others in a list and in an address: `2026-01-31.wechat`. */
export interface KeyedBill extends Bill {
  key: string
}

interface BillPage {
  items: KeyedBill[]
  page: number
  page_size: number
  total: number
}

export function keyOf({ date, payment_method }: Pick<Bill, 'date' | 'payment_method'>): string {
  return `${date}.${payment_method}`
}

export function partsOf(key: string): { date: string; payment_method: PaymentMethod } {
  const [date = '', method] = key.split('.')
  return { date, payment_method: method === 'alipay' ? 'alipay' : 'wechat' }
}

/** The list of bills, each with its key. */
export function listBills(options: Parameters<typeof listReconciliationsOptions>[0]) {
  return {
    ...(listReconciliationsOptions(options) as unknown as UseQueryOptions<BillPage>),
    select: (page: BillPage): BillPage => ({
      ...page,
      items: page.items.map((bill) => ({ ...bill, key: keyOf(bill) })),
    }),
  }
}

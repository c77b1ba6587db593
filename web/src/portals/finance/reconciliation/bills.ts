/** What tells a bill of a provider from others, also in an address: `2026-01-31.wechat`. */
import type { BillRunItem, PaymentMethod } from '@/api/generated'

export function keyOf({ date, payment_method }: Pick<BillRunItem, 'date' | 'payment_method'>): string {
  return `${date}.${payment_method}`
}

export function partsOf(key: string): { date: string; payment_method: PaymentMethod } {
  const [date = '', method] = key.split('.')
  return { date, payment_method: method === 'alipay' ? 'alipay' : 'wechat' }
}

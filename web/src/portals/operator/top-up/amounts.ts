/** Which amounts a top-up can have, by the limits of the platform. */
import { toFen } from '@/shared/money'

export interface AmountLimits {
  recharge_min: string
  recharge_max: string
}

const usual = ['100.00', '500.00', '1000.00', '2000.00', '5000.00']
const preferred = '500.00'

export function isWithin(amount: string, { recharge_min, recharge_max }: AmountLimits): boolean {
  const fen = toFen(amount)
  return toFen(recharge_min) <= fen && fen <= toFen(recharge_max)
}

/** What people mostly take, as far as they can. */
export function usualAmounts(limits: AmountLimits): string[] {
  return usual.filter((amount) => isWithin(amount, limits))
}

/** What is filled in before anybody has typed: what most people take, or what is nearest to it. */
export function firstAmount(limits: AmountLimits): string {
  if (isWithin(preferred, limits)) return preferred
  return toFen(preferred) < toFen(limits.recharge_min) ? limits.recharge_min : limits.recharge_max
}

/** How long the balance lasts at the recent pace, in whole fen and milliseconds. */
import type { ChartPoint } from '@/api/generated'
import { fromFen, toFen } from '@/shared/money'
import { startOfDate } from '@/shared/time'

export interface Forecast {
  /** Whole hours until the balance is used up. */
  hours: number
  /** What is spent a day. */
  perDay: string
  /** How many days the pace was taken from. */
  days: number
}

const paceDays = 7
const hourMs = 3_600_000n
const dayMs = 24n * hourMs

/**
 * From the points of the last days, the last of which is today. A venue that began later is judged by the days since;
 * undefined where nothing was spent.
 */
export function forecast(
  balance: string,
  points: ChartPoint[],
  now: number = Date.now(),
): Forecast | undefined {
  const first = points.findIndex((point) => toFen(point.total_cost) > 0n)
  const last = points.at(-1)
  if (first < 0 || !last) return undefined
  const recent = points.slice(Math.max(first, points.length - paceDays))
  const spent = recent.reduce((sum, point) => sum + toFen(point.total_cost), 0n)
  if (spent === 0n) return undefined
  const today = BigInt(Math.max(0, now - new Date(startOfDate(last.date)).getTime()))
  const passed = BigInt(recent.length - 1) * dayMs + today
  // Less than a day says too little: one busy hour in the morning is no pace.
  const elapsed = passed < dayMs ? dayMs : passed
  return {
    hours: Number((toFen(balance) * elapsed) / (spent * hourMs)),
    perDay: fromFen((spent * dayMs + elapsed / 2n) / elapsed),
    days: recent.length,
  }
}

/** Why the operator should top up. */
export type LowReason = 'empty' | 'soon' | 'low'

interface Situation {
  balance: string
  hours: number | undefined
  /** What the cheapest possible game costs. */
  cheapestGame: string | undefined
  /** Below which the platform calls the balance low. */
  threshold: string
}

const soonHours = 72

export function lowReason({ balance, hours, cheapestGame, threshold }: Situation): LowReason | undefined {
  if (toFen(balance) === 0n || (cheapestGame && toFen(balance) < toFen(cheapestGame))) return 'empty'
  if (toFen(balance) < toFen(threshold)) return 'low'
  return hours !== undefined && hours < soonHours ? 'soon' : undefined
}

/** What the cheapest game among the granted applications costs, with as few players as it takes. */
export function cheapestGameOf(apps: { unit_price: string; min_players: number }[]): string | undefined {
  const costs = apps.map((app) => toFen(app.unit_price) * BigInt(app.min_players))
  const [first, ...others] = costs
  if (first === undefined) return undefined
  return fromFen(others.reduce((least, cost) => (cost < least ? cost : least), first))
}

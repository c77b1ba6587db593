/** Sums of what the API gives: money exactly, in fen. */
import type { Unit, Value } from '@/shared/chart/model'
import { position } from '@/shared/chart/model'
import { fromFen, toFen } from '@/shared/money'

export function sumOf(values: Value[], unit: Unit): Value {
  if (unit === 'money') return fromFen(values.reduce((sum, value) => sum + toFen(String(value)), 0n))
  return values.reduce<number>((sum, value) => sum + Number(value), 0)
}

/** How much of the whole, in percent with one decimal; for showing only. */
export function shareOf(value: Value, whole: Value): string {
  const all = position(whole)
  return `${(all === 0 ? 0 : (position(value) / all) * 100).toFixed(1)}%`
}

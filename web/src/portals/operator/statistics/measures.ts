/** What the figures of a period, an application or a site count. */
import type { Value } from '@/shared/chart/model'

export const measures = ['total_cost', 'total_sessions', 'total_players'] as const

export type Measure = (typeof measures)[number]

export function valueOf(figures: Record<Measure, Value>, measure: Measure): Value {
  return figures[measure]
}

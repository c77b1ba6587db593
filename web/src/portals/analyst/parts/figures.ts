import type { Unit, Value } from '@/shared/chart/model'
import type { Measure } from './query'

interface Figures {
  total_sessions: number
  total_players: number
  total_cost: string
}

export const unitOf: Record<Measure, Unit> = { cost: 'money', sessions: 'count', players: 'count' }

export function valueOf(figures: Figures, measure: Measure): Value {
  if (measure === 'cost') return figures.total_cost
  return measure === 'sessions' ? figures.total_sessions : figures.total_players
}

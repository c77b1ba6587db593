import type { RankedApplication, RankedOperator, RankedSite } from '@/api/generated'
import {
  listAnalyticsByAppOptions,
  listAnalyticsByOperatorOptions,
  listAnalyticsBySiteOptions,
} from '@/api/generated/@tanstack/react-query.gen'
import type { Entity } from '../parts/entities'
import type { Kind } from '../parts/query'

/** A row of any of the rankings. */
export type Ranked = RankedOperator | RankedSite | RankedApplication

export const rankings = {
  operator: { list: listAnalyticsByOperatorOptions, rowKey: 'operator_id' },
  site: { list: listAnalyticsBySiteOptions, rowKey: 'site_id' },
  app: { list: listAnalyticsByAppOptions, rowKey: 'app_id' },
} as const satisfies Record<Kind, unknown>

export function entityOf(row: Ranked): Entity {
  if ('operator_id' in row) return { id: row.operator_id, name: row.operator_name }
  if ('site_id' in row) return { id: row.site_id, name: row.site_name }
  return { id: row.app_id, name: row.app_name }
}

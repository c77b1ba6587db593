/** Operators, sites and apps that have games, by what they took: the choices of the filters and the rows of rankings. */
import { listAnalyticsByApp, listAnalyticsByOperator, listAnalyticsBySite } from '@/api/generated'
import type { AnalyticsQuery, Kind } from './query'

export interface Entity {
  id: string
  name: string
}

interface EntityPage {
  total: number
  items: Entity[]
}

type Read = (query: AnalyticsQuery & { page?: number; page_size?: number }) => Promise<EntityPage>

export const readEntities: Record<Kind, Read> = {
  operator: async (query) => {
    const { total, items } = (await listAnalyticsByOperator({ query })).data
    return { total, items: items.map(({ operator_id: id, operator_name: name }) => ({ id, name })) }
  },
  site: async (query) => {
    const { total, items } = (await listAnalyticsBySite({ query })).data
    return { total, items: items.map(({ site_id: id, site_name: name }) => ({ id, name })) }
  },
  app: async (query) => {
    const { total, items } = (await listAnalyticsByApp({ query })).data
    return { total, items: items.map(({ app_id: id, app_name: name }) => ({ id, name })) }
  },
}

/** Names that nothing else has: sites of different operators may be called alike, and a chart would take them for one. */
export function distinctNames(entities: Entity[]): string[] {
  const counts = new Map<string, number>()
  for (const { name } of entities) counts.set(name, (counts.get(name) ?? 0) + 1)
  return entities.map(({ id, name }) => ((counts.get(name) ?? 0) > 1 ? `${name} · ${id.slice(-4)}` : name))
}

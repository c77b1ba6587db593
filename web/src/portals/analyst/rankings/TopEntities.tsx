import { Link } from '@tanstack/react-router'
import { useQuery, type UseQueryOptions } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { BarChart } from '@/shared/chart/Chart'
import { useUrlState } from '@/shared/url-state'
import { ChartPanel } from '../parts/ChartPanel'
import { distinctNames } from '../parts/entities'
import { unitOf, valueOf } from '../parts/figures'
import { useMeasure } from '../parts/MeasureChoice'
import { filtersOf, queryOf, type Kind } from '../parts/query'
import { entityOf, rankings, type Ranked } from './rows'

interface TopEntitiesProps {
  kind: Kind
  count: number
  /** False on the ranking itself. */
  isLinked?: boolean
}

/** The ones that took most, as bars. */
export function TopEntities({ kind, count, isLinked = true }: TopEntitiesProps) {
  const { t } = useTranslation(['analyst', 'common'])
  const [search] = useUrlState()
  const [measure] = useMeasure()
  const options = rankings[kind].list({ query: { ...queryOf(search), page_size: count } })
  const ranking = useQuery(options as unknown as UseQueryOptions<{ items: Ranked[] }>)
  const rows = ranking.data?.items ?? []
  const title = t(`ranking.top.${kind}`, { count })
  return (
    <ChartPanel
      title={title}
      query={ranking}
      extra={
        isLinked && (
          <Link to={`/analyst/by-${kind}`} search={filtersOf(search) as never} className="no-print">
            {t('ranking.all')}
          </Link>
        )
      }
    >
      <BarChart
        isHorizontal
        label={title}
        height={Math.max(120, 48 + rows.length * 34)}
        isLoading={ranking.isLoading}
        unit={unitOf[measure]}
        categories={distinctNames(rows.map(entityOf))}
        series={[{ name: t(`measure.${measure}`), values: rows.map((row) => valueOf(row, measure)) }]}
      />
    </ChartPanel>
  )
}

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ConsumptionSummary } from '@/api/generated'
import { getConsumptionOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { BarChart, LineChart } from '@/shared/chart/Chart'
import { FilterBar } from '@/shared/FilterBar'
import { Money } from '@/shared/Money'
import { Panel } from '@/shared/Panel'
import { ProblemView } from '@/shared/ProblemView'
import { textOf, useUrlState } from '@/shared/url-state'
import { ExportMenu } from '../ExportMenu'
import { Tile, Tiles } from '../Tiles'
import { UrlChoice, useUrlChoice } from '../UrlChoice'
import { usePlaceFilters } from '../usage/usePlaceFilters'
import { measures, valueOf } from './measures'
import type { Period } from './usePeriod'

const dimensions = ['day', 'week', 'month'] as const

/** Consumption over time, of everything or of a site or an application. */
export function TrendReport({ period }: { period: Period }) {
  const { t } = useTranslation(['operator', 'common'])
  const [search] = useUrlState()
  const measure = useUrlChoice('measure', measures)
  const dimension = useUrlChoice('dimension', dimensions)
  const query = {
    ...period.range,
    dimension,
    site_id: textOf(search, 'site_id'),
    app_id: textOf(search, 'app_id'),
  }
  const result = useQuery({
    ...getConsumptionOptions({ query }),
    select: unwrap,
    placeholderData: keepPreviousData,
  })
  const points = result.data?.chart_data ?? []
  const optionsOf = <T extends string>(values: readonly T[], name: (value: T) => string) =>
    values.map((value) => ({ value, label: name(value) }))
  const model = {
    label: t('statistics.trend'),
    isLoading: result.isLoading,
    unit: measure === 'total_cost' ? ('money' as const) : ('count' as const),
    categories: points.map(({ date }) => (dimension === 'month' ? date.slice(0, 7) : date)),
    series: [
      { name: t(`statistics.measure.${measure}`), values: points.map((point) => valueOf(point, measure)) },
    ],
  }
  return (
    <Panel
      title={t('statistics.trend')}
      extra={
        <ExportMenu
          path="/v1/operators/me/statistics/export"
          name={t('statistics.trend')}
          parameters={{ report: 'consumption', ...query }}
          button={{ size: 'small', className: 'no-print' }}
        />
      }
    >
      <Flex vertical gap={16}>
        <Flex gap={8} wrap align="center" className="no-print">
          <UrlChoice
            name="dimension"
            label={t('statistics.dimension.label')}
            options={optionsOf(dimensions, (value) => t(`statistics.dimension.${value}`))}
          />
          <UrlChoice
            name="measure"
            label={t('statistics.measure.label')}
            options={optionsOf(measures, (value) => t(`statistics.measure.${value}`))}
          />
          <FilterBar filters={usePlaceFilters()} />
          <span style={{ opacity: 0.8 }}>{t('statistics.filterHint')}</span>
        </Flex>
        {result.error ? (
          <ProblemView error={result.error} onRetry={() => void result.refetch()} />
        ) : (
          <>
            <Summary summary={result.data?.summary} />
            {dimension === 'day' ? <LineChart {...model} /> : <BarChart {...model} />}
          </>
        )}
      </Flex>
    </Panel>
  )
}

function Summary({ summary }: { summary: ConsumptionSummary | undefined }) {
  const { t } = useTranslation(['operator', 'common'])
  return (
    <Tiles>
      <Tile label={t('statistics.cost')} value={summary && <Money amount={summary.total_cost} />} />
      <Tile label={t('statistics.sessions')} value={summary?.total_sessions.toLocaleString('en-US')} />
      <Tile label={t('statistics.players')} value={summary?.total_players.toLocaleString('en-US')} />
      <Tile label={t('statistics.average')} value={summary?.avg_players_per_session.toFixed(2)} />
    </Tiles>
  )
}

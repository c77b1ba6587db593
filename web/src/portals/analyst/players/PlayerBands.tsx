import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getAnalyticsPlayerDistributionOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { BarChart } from '@/shared/chart/Chart'
import { ChartPanel } from '../parts/ChartPanel'
import { useAnalyticsQuery } from '../parts/query'

/** How many games were played by how many. */
export function PlayerBands({ height }: { height?: number }) {
  const { t } = useTranslation(['analyst', 'common'])
  const query = useAnalyticsQuery()
  const answer = useQuery({ ...getAnalyticsPlayerDistributionOptions({ query }), select: unwrap })
  const bands = answer.data?.distribution ?? []
  return (
    <ChartPanel title={t('players.title')} query={answer}>
      <BarChart
        label={t('players.label')}
        height={height}
        isLoading={answer.isLoading}
        unit="count"
        categories={bands.map(({ band, percentage }) => t('players.band', { band, percentage }))}
        series={[{ name: t('measure.sessions'), values: bands.map(({ total_sessions }) => total_sessions) }]}
      />
    </ChartPanel>
  )
}

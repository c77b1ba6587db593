import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getAnalyticsTrendsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { LineChart } from '@/shared/chart/Chart'
import { AnalystPage } from '../parts/AnalystPage'
import { ChartPanel } from '../parts/ChartPanel'
import { unitOf, valueOf } from '../parts/figures'
import { MeasureChoice, useMeasure } from '../parts/MeasureChoice'
import { kinds, useAnalyticsQuery } from '../parts/query'
import { PlayerBands } from '../players/PlayerBands'
import { TopEntities } from '../rankings/TopEntities'
import { Totals } from './Totals'

const columns = {
  display: 'grid',
  gridTemplateColumns: 'repeat(auto-fit, minmax(min(420px, 100%), 1fr))',
  gap: 16,
}

export default function OverviewPage() {
  return (
    <AnalystPage report="trends">
      <Totals />
      <Trend />
      <div style={columns}>
        {kinds.map((kind) => (
          <TopEntities key={kind} kind={kind} count={5} />
        ))}
        <PlayerBands />
      </div>
    </AnalystPage>
  )
}

/** Everything together, day by day. */
function Trend() {
  const { t } = useTranslation(['analyst', 'common'])
  const [measure] = useMeasure()
  const query = useAnalyticsQuery()
  const trends = useQuery({ ...getAnalyticsTrendsOptions({ query }), select: unwrap })
  const points = trends.data?.series[0]?.points ?? []
  const name = t(`measure.${measure}`)
  return (
    <ChartPanel title={t('trends.title')} extra={<MeasureChoice />} query={trends}>
      <LineChart
        label={t('overview.trendLabel', { measure: name })}
        isLoading={trends.isLoading}
        unit={unitOf[measure]}
        categories={points.map(({ date }) => date)}
        series={[{ name, values: points.map((point) => valueOf(point, measure)) }]}
      />
    </ChartPanel>
  )
}

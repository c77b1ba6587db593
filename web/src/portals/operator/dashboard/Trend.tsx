import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { LineChart } from '@/shared/chart/Chart'
import { Panel } from '@/shared/Panel'
import { ProblemView } from '@/shared/ProblemView'
import { UrlChoice, useUrlChoice } from '../UrlChoice'
import { measures, valueOf } from '../statistics/measures'
import { useForecast } from './useForecast'

/** The last 30 days, in money, games or players. */
export function Trend() {
  const { t } = useTranslation(['operator', 'common'])
  const { consumption, points = [] } = useForecast()
  const measure = useUrlChoice('measure', measures)
  const options = measures.map((value) => ({ value, label: t(`statistics.measure.${value}`) }))
  return (
    <Panel
      title={t('dashboard.trend')}
      extra={<Link to="/operator/statistics">{t('dashboard.toStatistics')}</Link>}
    >
      <UrlChoice name="measure" label={t('statistics.measure.label')} options={options} />
      {consumption.error ? (
        <ProblemView error={consumption.error} onRetry={() => void consumption.refetch()} />
      ) : (
        <LineChart
          label={t('dashboard.trend')}
          height={240}
          isLoading={consumption.isLoading}
          unit={measure === 'total_cost' ? 'money' : 'count'}
          categories={points.map((point) => point.date.slice(5))}
          series={[
            {
              name: t(`statistics.measure.${measure}`),
              values: points.map((point) => valueOf(point, measure)),
            },
          ]}
        />
      )}
    </Panel>
  )
}

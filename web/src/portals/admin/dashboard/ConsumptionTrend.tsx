import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getAnalyticsTrendsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { LineChart } from '@/shared/chart/Chart'
import { Panel } from '@/shared/Panel'
import { ProblemView } from '@/shared/ProblemView'

/** What was consumed in the last 30 days, by everybody or by one operator; for those who may see money. */
export default function ConsumptionTrend({ label, operatorId }: { label: string; operatorId?: string }) {
  const { t } = useTranslation(['admin', 'common'])
  const query = operatorId === undefined ? undefined : { operator_id: [operatorId] }
  const trend = useQuery({ ...getAnalyticsTrendsOptions({ query }), select: unwrap })
  const points = trend.data?.series[0]?.points ?? []
  return (
    <Panel title={label}>
      {trend.error ? (
        <ProblemView error={trend.error} onRetry={() => void trend.refetch()} />
      ) : (
        <LineChart
          label={label}
          height={220}
          isLoading={trend.isLoading}
          categories={points.map((point) => point.date)}
          series={[{ name: t('dashboard.trendCost'), values: points.map((point) => point.total_cost) }]}
          unit="money"
        />
      )}
    </Panel>
  )
}

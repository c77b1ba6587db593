import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getPlayerDistributionOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { BarChart } from '@/shared/chart/Chart'
import { later } from '@/shared/later'
import { Panel } from '@/shared/Panel'
import { ProblemView } from '@/shared/ProblemView'
import { SideBySide } from './SideBySide'
import type { Period } from './usePeriod'

const BandTable = later(() => import('./BandTable'))

/** How many play together. */
export function Distribution({ period }: { period: Period }) {
  const { t } = useTranslation(['operator', 'common'])
  const result = useQuery({
    ...getPlayerDistributionOptions({ query: period.range }),
    select: unwrap,
    placeholderData: keepPreviousData,
  })
  const bands = result.data?.distribution ?? []
  return (
    <Panel
      title={t('statistics.distribution')}
      extra={<span style={{ opacity: 0.8 }}>{t('statistics.distributionHint')}</span>}
    >
      {result.error ? (
        <ProblemView error={result.error} onRetry={() => void result.refetch()} />
      ) : (
        <SideBySide
          chart={
            <BarChart
              label={t('statistics.distribution')}
              height={240}
              isLoading={result.isLoading}
              unit="count"
              categories={bands.map(({ band }) => t('statistics.bandOf', { band: band.replace('-', '–') }))}
              series={[
                { name: t('statistics.sessions'), values: bands.map(({ total_sessions }) => total_sessions) },
              ]}
            />
          }
          table={<BandTable bands={bands} />}
        />
      )}
    </Panel>
  )
}

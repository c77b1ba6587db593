import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getAnalyticsCrossOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { AnalystPage } from '../parts/AnalystPage'
import { ChartPanel } from '../parts/ChartPanel'
import { useAnalyticsQuery } from '../parts/query'
import { CrossTable } from '../cross/CrossTable'
import { PlayerBands } from './PlayerBands'

/** The bands over everything, and the exact numbers for each app. */
export default function PlayersPage() {
  const { t } = useTranslation(['analyst', 'common'])
  const query = useAnalyticsQuery()
  const cross = useQuery({
    ...getAnalyticsCrossOptions({
      query: { ...query, rows: 'app', cols: 'player_count', measure: 'sessions' },
    }),
    select: unwrap,
  })
  return (
    <AnalystPage report="player-distribution">
      <PlayerBands height={320} />
      <ChartPanel title={t('players.byApp')} query={cross}>
        <CrossTable
          label={t('players.byApp')}
          cross={cross.data}
          isLoading={cross.isLoading}
          corner={t('dimension.app')}
          colsName={t('dimension.player_count')}
          unit="count"
        />
      </ChartPanel>
    </AnalystPage>
  )
}

import { useQuery } from '@tanstack/react-query'
import { theme } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { getAnalyticsOverviewOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { Money } from '@/shared/Money'
import { Panel } from '@/shared/Panel'
import { ProblemView } from '@/shared/ProblemView'
import { useAnalyticsQuery } from '../parts/query'

const count = (value: number | undefined) => value?.toLocaleString('en-US') ?? '—'

/** What all games in the range come to; follows the live stream. */
export function Totals() {
  const { t } = useTranslation(['analyst', 'common'])
  const query = useAnalyticsQuery()
  const overview = useQuery({ ...getAnalyticsOverviewOptions({ query }), select: unwrap })
  if (overview.error) return <ProblemView error={overview.error} onRetry={() => void overview.refetch()} />
  const totals = overview.data
  return (
    <div
      aria-busy={overview.isLoading}
      style={{
        display: 'grid',
        gridTemplateColumns: 'repeat(auto-fit, minmax(130px, 1fr))',
        gap: 16,
      }}
    >
      <Total isWide label={t('overview.revenue')} value={<Money amount={totals?.total_revenue} />} />
      <Total label={t('overview.sessions')} value={count(totals?.total_sessions)} />
      <Total label={t('overview.players')} value={count(totals?.total_players)} />
      <Total label={t('overview.average')} value={count(totals?.avg_players_per_session)} />
      <Total label={t('overview.operators')} value={count(totals?.total_operators)} />
      <Total label={t('overview.sites')} value={count(totals?.total_sites)} />
    </div>
  )
}

/** Amounts need the room of two counts. */
function Total({ label, value, isWide }: { label: string; value: ReactNode; isWide?: boolean }) {
  const { token } = theme.useToken()
  return (
    <Panel style={{ gridColumn: isWide ? 'span 2' : undefined }}>
      <dl style={{ margin: 0 }}>
        <dt style={{ color: token.colorTextDescription, fontSize: 13 }}>{label}</dt>
        <dd className="figures" style={{ margin: 0, fontSize: 20, fontWeight: 600, whiteSpace: 'nowrap' }}>
          {value}
        </dd>
      </dl>
    </Panel>
  )
}

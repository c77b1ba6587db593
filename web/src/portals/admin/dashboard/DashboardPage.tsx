import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getAdminDashboardOptions } from '@/api/generated/@tanstack/react-query.gen'
import { Allowed } from '@/shared/Allowed'
import { unwrap } from '@/shared/api/queries'
import { later } from '@/shared/later'
import { Money } from '@/shared/Money'
import { Page } from '@/shared/Page'
import { ProblemView } from '@/shared/ProblemView'
import { daysToRange, today } from '@/shared/time'
import { useCan } from '@/shared/session/can'
import { Attention } from './Attention'
import { LatestEvents } from './LatestEvents'
import { Tile } from './Tile'
import { WaitingRequests } from './WaitingRequests'

const ConsumptionTrend = later(() => import('./ConsumptionTrend'))

/** As many columns of that width as fit; on a phone so many that each has the share. */
const columns = (width: string, share: string) => ({
  display: 'grid',
  gridTemplateColumns: `repeat(auto-fit, minmax(min(${width}, ${share}), 1fr))`,
  gap: 16,
})

export default function DashboardPage() {
  const { t } = useTranslation(['admin', 'common'])
  const dashboard = useQuery({ ...getAdminDashboardOptions(), select: unwrap })
  if (dashboard.error && !dashboard.data) {
    return (
      <Page>
        <ProblemView error={dashboard.error} onRetry={() => void dashboard.refetch()} />
      </Page>
    )
  }
  return (
    <Page>
      <Allowed to="can_manage_system_config">
        <Attention />
      </Allowed>
      <Tiles />
      <div style={columns('420px', '100%')}>
        <WaitingRequests />
        <LatestEvents />
      </div>
      <Allowed to="can_view_financial_data">
        <ConsumptionTrend label={t('dashboard.trend')} />
      </Allowed>
    </Page>
  )
}

function Tiles() {
  const { t } = useTranslation(['admin', 'common'])
  const can = useCan()
  const { data: figures } = useQuery({ ...getAdminDashboardOptions(), select: unwrap })
  const isLoading = figures === undefined
  const count = (value: number | undefined) => (value ?? 0).toLocaleString('en-US')
  const locked = figures?.locked_operators ?? 0
  const pending = figures?.pending_requests ?? 0
  const day = today()
  const todays = daysToRange(day, day)
  return (
    <div style={columns('290px', '45%')}>
      <Tile
        label={t('dashboard.pending')}
        value={count(pending)}
        hint={t(pending > 0 ? 'dashboard.pendingHint' : 'dashboard.pendingNone')}
        isUrgent={pending > 0}
        isLoading={isLoading}
        to="/admin/app-requests"
      />
      <Tile
        label={t('dashboard.locked')}
        value={count(locked)}
        hint={t(locked > 0 ? 'dashboard.lockedHint' : 'dashboard.lockedNone')}
        isUrgent={locked > 0}
        isLoading={isLoading}
        to="/admin/operators"
        search={{ locked: 'true' }}
      />
      <Tile
        label={t('dashboard.operators')}
        value={count(figures?.total_operators)}
        hint={t('dashboard.operatorsHint', {
          active: count(figures?.active_operators),
          locked: count(locked),
        })}
        isLoading={isLoading}
        to="/admin/operators"
      />
      <Tile
        label={t('dashboard.apps')}
        value={count(figures?.total_applications)}
        hint={t('dashboard.appsHint')}
        isLoading={isLoading}
        to="/admin/applications"
      />
      <Tile
        label={t('dashboard.sessionsToday')}
        value={count(figures?.sessions_today)}
        hint={t('dashboard.sessionsHint')}
        isLoading={isLoading}
        to="/admin/authorization-log"
        search={todays}
      />
      {can('can_view_financial_data') && (
        <Tile
          label={t('dashboard.consumptionToday')}
          value={<Money amount={figures?.consumption_today} />}
          hint={t('dashboard.sessionsHint')}
          isLoading={isLoading}
          to="/admin/authorization-log"
          search={{ ...todays, result: 'success' }}
        />
      )}
    </div>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Empty, Flex, Skeleton, theme } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listSitesOptions, listUsageRecordsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { LinkButton } from '@/shared/LinkButton'
import { Panel } from '@/shared/Panel'
import { ProblemView } from '@/shared/ProblemView'
import { StatusTag } from '@/shared/StatusTag'
import { Time } from '@/shared/Time'
import { sitesNow, type SiteNow } from './playing'

const minuteMs = 60_000
const windowMs = 120 * minuteMs
const mostRecords = 100
const mostIdle = 6

/** The present minute: what is shown grows old even when nothing happens. */
function useMinute(): number {
  const now = () => Math.floor(Date.now() / minuteMs) * minuteMs
  const [minute, setMinute] = useState(now)
  useEffect(() => {
    const timer = setInterval(() => {
      setMinute(now())
    }, minuteMs)
    return () => {
      clearInterval(timer)
    }
  }, [])
  return minute
}

/** Where games were authorized in the last two hours. */
export function SitesNow() {
  const { t } = useTranslation(['operator', 'common'])
  const minute = useMinute()
  const sites = useQuery({ ...listSitesOptions(), select: unwrap })
  const since = new Date(minute - windowMs).toISOString()
  const records = useQuery({
    ...listUsageRecordsOptions({ query: { start_time: since, page_size: mostRecords } }),
    // The next minute asks anew, and until it is answered the last answer stands.
    placeholderData: (before) => before,
  })
  const error = sites.error ?? records.error
  const isMore = (records.data?.total ?? 0) > mostRecords
  const found = sites.data && records.data && sitesNow(sites.data.sites, records.data.items)
  return (
    <Panel
      title={t('dashboard.playing')}
      extra={
        <Flex gap={12} align="center">
          <span style={{ opacity: 0.8 }}>
            {t(isMore ? 'dashboard.playingMany' : 'dashboard.playingHint')}
          </span>
          <Link to="/operator/usage">{t('dashboard.toUsage')}</Link>
        </Flex>
      }
    >
      {error && <ProblemView error={error} onRetry={() => void records.refetch()} />}
      {!error && !found && <Skeleton active title={false} paragraph={{ rows: 5 }} />}
      {found && <SiteList sites={found} />}
    </Panel>
  )
}

function SiteList({ sites }: { sites: SiteNow[] }) {
  const { t } = useTranslation(['operator', 'common'])
  if (sites.length === 0) {
    return (
      <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('dashboard.noSites')}>
        <LinkButton to="/operator/sites">{t('dashboard.createSite')}</LinkButton>
      </Empty>
    )
  }
  const playing = sites.filter((site) => site.sessions > 0)
  const idle = sites.filter((site) => site.sessions === 0)
  const hidden = idle.length - mostIdle
  return (
    <Flex vertical gap={12}>
      {[...playing, ...idle.slice(0, mostIdle)].map((site) => (
        <SiteRow key={site.id} site={site} />
      ))}
      {hidden > 0 && <span style={{ opacity: 0.8 }}>{t('dashboard.moreSites', { count: hidden })}</span>}
    </Flex>
  )
}

function SiteRow({ site }: { site: SiteNow }) {
  const { t } = useTranslation(['operator', 'common'])
  const { token } = theme.useToken()
  const tag = () => {
    if (site.running > 0) return <StatusTag tone="good">{t('dashboard.running')}</StatusTag>
    if (site.sessions > 0) return <StatusTag tone="special">{t('dashboard.recent')}</StatusTag>
    return <StatusTag tone="quiet">{t('dashboard.idle')}</StatusTag>
  }
  return (
    <Flex justify="space-between" align="center" gap={12}>
      <div style={{ minWidth: 0 }}>
        <Link to="/operator/usage" search={{ site_id: site.id } as never}>
          {site.name}
        </Link>
        <div className="figures" style={{ color: token.colorTextDescription, fontSize: 13 }}>
          {site.lastAt ? (
            <>
              {t('dashboard.games', { count: site.sessions, players: site.players })} ·{' '}
              {t('dashboard.lastGame')} <Time at={site.lastAt} /> {site.lastApp}
            </>
          ) : (
            t('dashboard.noGames')
          )}
        </div>
      </div>
      {tag()}
    </Flex>
  )
}

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import {
  getConsumptionByAppOptions,
  getConsumptionBySiteOptions,
} from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { later } from '@/shared/later'
import { Distribution } from './Distribution'
import { Report, type ReportRow } from './Report'
import type { Period } from './usePeriod'

const RankTable = later(() => import('./RankTable'))

interface PeriodProps {
  period: Period
}

/** What was played where, in what, and how many played together. */
export default function Breakdowns({ period }: PeriodProps) {
  return (
    <>
      <AppReport period={period} />
      <SiteReport period={period} />
      <Distribution period={period} />
    </>
  )
}

function AppReport({ period }: PeriodProps) {
  const { t } = useTranslation(['operator', 'common'])
  const result = useQuery({
    ...getConsumptionByAppOptions({ query: period.range }),
    select: unwrap,
    placeholderData: keepPreviousData,
  })
  const rows = result.data?.applications.map(({ app_id, app_name, ...figures }) => ({
    key: app_id,
    name: app_name,
    ...figures,
  }))
  return <Breakdown result={{ ...result, rows }} title={t('statistics.byApp')} kind="app" period={period} />
}

function SiteReport({ period }: PeriodProps) {
  const { t } = useTranslation(['operator', 'common'])
  const result = useQuery({
    ...getConsumptionBySiteOptions({ query: period.range }),
    select: unwrap,
    placeholderData: keepPreviousData,
  })
  const rows = result.data?.sites.map(({ site_id, site_name, ...figures }) => ({
    key: site_id,
    name: site_name,
    ...figures,
  }))
  return <Breakdown result={{ ...result, rows }} title={t('statistics.bySite')} kind="site" period={period} />
}

interface BreakdownProps extends PeriodProps {
  result: { rows: ReportRow[] | undefined; isLoading: boolean; error: unknown; refetch: () => unknown }
  title: string
  kind: 'app' | 'site'
}

function Breakdown({ result, title, kind, period }: BreakdownProps) {
  const { t } = useTranslation(['operator', 'common'])
  return (
    <Report
      title={title}
      error={result.error}
      onRetry={() => void result.refetch()}
      isLoading={result.isLoading}
      rows={result.rows}
      file={{ report: kind === 'app' ? 'by-app' : 'by-site', ...period.range }}
      table={<RankTable rows={result.rows ?? []} nameTitle={t(`statistics.${kind}`)} />}
    />
  )
}

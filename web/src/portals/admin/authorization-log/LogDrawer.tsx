import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { AuthorizationLogItem } from '@/api/generated'
import {
  listAuthorizationLogsOptions,
  listOperatorSitesOptions,
} from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { CopyText } from '@/shared/CopyText'
import RecordDrawer from '@/shared/RecordDrawer'
import { Time } from '@/shared/Time'
import { AppName } from '../fields/AppName'
import { OperatorLink } from '../fields/OperatorLink'
import { RefusalReason } from '../parts/RefusalReason'
import { ResultTag } from './columns'
import { CallName } from './words'

/** Everything that was written down about one call. */
export default function LogDrawer({ id }: { id: string }) {
  const { t } = useTranslation(['admin', 'common'])
  const copied = (text: string | null | undefined) => (text ? <CopyText text={text} /> : '—')
  return (
    <RecordDrawer<AuthorizationLogItem>
      id={id}
      width={520}
      title={t('logs.detail')}
      list={listAuthorizationLogsOptions}
      idOf={(log) => log.log_id}
      notice={(log) =>
        log.result === 'replayed' && <Alert type="info" showIcon title={t('logs.replayedHint')} />
      }
      facts={(log) => [
        { label: t('logs.time'), value: <Time at={log.created_at} /> },
        { label: t('logs.call'), value: <CallName call={log.call} /> },
        { label: t('logs.result'), value: <ResultTag result={log.result} /> },
        {
          label: t('logs.error'),
          value: log.error_code ? <RefusalReason code={log.error_code} isLong /> : '—',
        },
        {
          label: t('logs.operator'),
          value: log.operator_id ? (
            <OperatorLink id={log.operator_id} name={log.operator_name} />
          ) : (
            t('logs.unknownOperator')
          ),
        },
        { label: t('logs.site'), value: <SiteName log={log} /> },
        { label: t('logs.app'), value: log.app_id ? <AppName id={log.app_id} /> : '—' },
        { label: t('logs.players'), value: log.player_count ?? '—' },
        { label: t('logs.ip'), value: log.ip_address ?? '—' },
        {
          label: t('logs.latency'),
          value: typeof log.latency_ms === 'number' ? t('logs.latencyValue', { ms: log.latency_ms }) : '—',
        },
        { label: t('logs.userAgent'), value: log.user_agent ?? '—', isWide: true },
        { label: t('logs.session'), value: copied(log.session_id), isWide: true },
        { label: t('logs.request'), value: copied(log.request_id), isWide: true },
        { label: t('logs.id'), value: copied(log.log_id), isWide: true },
      ]}
    />
  )
}

/** A site may have been deleted since; a stranger's id stays an id. */
function SiteName({ log }: { log: AuthorizationLogItem }) {
  const options = listOperatorSitesOptions({
    path: { id: log.operator_id ?? '' },
    query: { include_deleted: true },
  })
  const sites = useQuery({ ...options, select: unwrap, enabled: Boolean(log.operator_id && log.site_id) })
  if (!log.site_id) return '—'
  const site = sites.data?.sites.find((other) => other.site_id === log.site_id)
  return site ? site.name : <CopyText text={log.site_id} short />
}

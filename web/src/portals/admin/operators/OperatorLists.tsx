import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AuthorizationItem, AuthorizationLogItem, SiteItem } from '@/api/generated'
import {
  listAuthorizationLogsOptions,
  listAuthorizationsOptions,
  listOperatorSitesOptions,
} from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { DataTable, type Column } from '@/shared/DataTable'
import { QueryTable } from '@/shared/QueryTable'
import { StatusTag, type Tone } from '@/shared/StatusTag'
import { Time } from '@/shared/Time'

export function OperatorSites({ id }: { id: string }) {
  const { t } = useTranslation(['admin', 'common'])
  const sites = useQuery({ ...listOperatorSitesOptions({ path: { id } }), select: unwrap })
  return (
    <DataTable<SiteItem>
      name="admin.operator.sites"
      columns={[
        { key: 'name', title: t('sites.name') },
        { key: 'address', title: t('sites.address'), kind: 'long' },
        { key: 'site_id', title: t('operators.id'), kind: 'id' },
        { key: 'created_at', title: t('sites.createdAt'), kind: 'time' },
      ]}
      rows={sites.data?.sites}
      rowKey="site_id"
      isLoading={sites.isLoading}
      isFetching={sites.isFetching}
      error={sites.error}
      onRefresh={() => void sites.refetch()}
      empty={{ text: t('sites.empty') }}
    />
  )
}

const grantTones: Record<AuthorizationItem['status'], Tone> = {
  active: 'good',
  expired: 'quiet',
  revoked: 'bad',
}

export function OperatorGrants({ id }: { id: string }) {
  const { t } = useTranslation(['admin', 'common'])
  const columns: Column<AuthorizationItem>[] = [
    { key: 'app_name', title: t('grants.app') },
    {
      key: 'status',
      title: t('grants.state'),
      render: ({ status }) => <StatusTag tone={grantTones[status]}>{t(`grants.${status}`)}</StatusTag>,
    },
    { key: 'authorized_at', title: t('grants.authorizedAt'), kind: 'time' },
    {
      key: 'expires_at',
      title: t('grants.expiresAt'),
      render: (grant) => <Time at={grant.expires_at} absent={t('grants.forever')} />,
    },
    { key: 'authorized_by', title: t('grants.by') },
  ]
  return (
    <QueryTable
      name="admin.operator.grants"
      list={listAuthorizationsOptions}
      fixed={{ operator_id: id }}
      columns={columns}
      rowKey="authorization_id"
      empty={{ text: t('grants.empty') }}
    />
  )
}

const resultTones: Record<string, Tone> = { success: 'good', replayed: 'quiet', refused: 'bad' }

export function OperatorLogs({ id }: { id: string }) {
  const { t } = useTranslation(['admin', 'common'])
  const results = ['success', 'replayed', 'refused'] as const
  const columns: Column<AuthorizationLogItem>[] = [
    { key: 'created_at', title: t('logs.time'), kind: 'time' },
    { key: 'call', title: t('logs.call') },
    {
      key: 'result',
      title: t('logs.result'),
      render: ({ result }) => (
        <StatusTag tone={resultTones[result] ?? 'quiet'}>{t(`logs.${result}` as 'logs.success')}</StatusTag>
      ),
    },
    { key: 'error_code', title: t('logs.error') },
    { key: 'player_count', title: t('logs.players'), kind: 'number' },
    { key: 'latency_ms', title: t('logs.latency'), kind: 'number', isHidden: true },
    { key: 'ip_address', title: t('logs.ip') },
    { key: 'session_id', title: t('logs.session'), kind: 'id' },
  ]
  return (
    <QueryTable
      name="admin.operator.logs"
      list={listAuthorizationLogsOptions}
      fixed={{ operator_id: id }}
      filters={[
        { kind: 'range' },
        {
          kind: 'select',
          name: 'result',
          label: t('logs.result'),
          options: results.map((value) => ({ value, label: t(`logs.${value}`) })),
        },
      ]}
      columns={columns}
      rowKey="log_id"
      empty={{ text: t('logs.empty') }}
    />
  )
}

import { useTranslation } from 'react-i18next'
import type { AuthorizationLogItem } from '@/api/generated'
import { listAuthorizationLogsOptions } from '@/api/generated/@tanstack/react-query.gen'
import type { Column } from '@/shared/DataTable'
import { QueryTable } from '@/shared/QueryTable'
import { StatusTag, type Tone } from '@/shared/StatusTag'

const resultTones: Record<string, Tone> = { success: 'good', replayed: 'quiet', refused: 'bad' }

export default function OperatorLogs({ id }: { id: string }) {
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

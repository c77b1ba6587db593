import { useTranslation } from 'react-i18next'
import type { AuthorizationLogItem } from '@/api/generated'
import type { Column } from '@/shared/DataTable'
import { OpenRecord } from '@/shared/OpenRecord'
import { StatusTag, type Tone } from '@/shared/StatusTag'
import { OperatorLink } from '../fields/OperatorLink'
import { RefusalReason } from '../parts/RefusalReason'
import { CallName } from './words'

const tones: Record<string, Tone> = { success: 'good', replayed: 'quiet', refused: 'bad' }
const results = ['success', 'replayed', 'refused'] as const

export function useResults(): { value: string; label: string }[] {
  const { t } = useTranslation(['admin', 'common'])
  return results.map((value) => ({ value, label: t(`logs.${value}`) }))
}

export function ResultTag({ result }: { result: string }) {
  const { t } = useTranslation(['admin', 'common'])
  const known = results.find((other) => other === result)
  return <StatusTag tone={tones[result] ?? 'quiet'}>{known ? t(`logs.${known}`) : result}</StatusTag>
}

/** On an operator's own page its name need not stand in every line. */
export function useLogColumns(isOfOperator: boolean): Column<AuthorizationLogItem>[] {
  const { t } = useTranslation(['admin', 'common'])
  const operator: Column<AuthorizationLogItem> = {
    key: 'operator_name',
    title: t('logs.operator'),
    render: ({ operator_id: id, operator_name: name }) =>
      id ? <OperatorLink id={id} name={name} /> : t('logs.unknownOperator'),
  }
  return [
    { key: 'created_at', title: t('logs.time'), kind: 'time' },
    ...(isOfOperator ? [] : [operator]),
    { key: 'call', title: t('logs.call'), render: ({ call }) => <CallName call={call} /> },
    { key: 'result', title: t('logs.result'), render: ({ result }) => <ResultTag result={result} /> },
    {
      key: 'error_code',
      title: t('logs.error'),
      render: ({ error_code: code }) => (code ? <RefusalReason code={code} /> : '—'),
    },
    { key: 'player_count', title: t('logs.players'), kind: 'number' },
    { key: 'latency_ms', title: t('logs.latency'), kind: 'number', isHidden: true },
    { key: 'ip_address', title: t('logs.ip') },
    { key: 'session_id', title: t('logs.session'), kind: 'id', isHidden: true },
    {
      key: 'actions',
      title: t('common:actions'),
      render: (log) => <OpenRecord id={log.log_id} at={log.created_at} />,
    },
  ]
}

import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FinanceAuditLogItem } from '@/api/generated'
import { listFinanceAuditLogsOptions } from '@/api/generated/@tanstack/react-query.gen'
import type { Column } from '@/shared/DataTable'
import type { Filter } from '@/shared/FilterBar'
import { Page } from '@/shared/Page'
import { QueryTable } from '@/shared/QueryTable'
import { StatusTag } from '@/shared/StatusTag'
import { textOf, useUrlState } from '@/shared/url-state'
import { ExportButton } from '../parts/ExportButton'
import { Details, Target, Who } from './cells'
import { operations, useOperationName } from './operations'

export default function AuditPage() {
  const { t } = useTranslation(['finance', 'common'])
  return (
    <Page
      actions={
        <ExportButton
          path="/v1/finance/audit-logs/export"
          name={t('audit.exportName')}
          parameters={['operation_type', 'finance_id', 'start_time', 'end_time']}
        />
      }
    >
      <QueryTable
        name="finance.audit"
        list={listFinanceAuditLogsOptions}
        filters={useFilters()}
        columns={useColumns()}
        rowKey="log_id"
        empty={{ text: t('audit.empty') }}
      />
    </Page>
  )
}

function useFilters(): Filter[] {
  const { t } = useTranslation(['finance', 'common'])
  const [search] = useUrlState()
  const nameOf = useOperationName()
  // There is no list of colleagues for finance staff, so a person is chosen from a row.
  const person = textOf(search, 'finance_id')
  return [
    {
      kind: 'select',
      name: 'operation_type',
      label: t('audit.operation'),
      options: operations.map((value) => ({ value, label: nameOf(value) })),
    },
    { kind: 'range' },
    ...(person
      ? [
          {
            kind: 'select' as const,
            name: 'finance_id',
            label: t('audit.person'),
            options: [{ value: person, label: textOf(search, 'person') ?? person }],
          },
        ]
      : []),
  ]
}

function useColumns(): Column<FinanceAuditLogItem>[] {
  const { t } = useTranslation(['finance', 'common'])
  const nameOf = useOperationName()
  return [
    { key: 'created_at', title: t('audit.time'), kind: 'time' },
    { key: 'finance_name', title: t('audit.who'), render: (entry) => <Who entry={entry} /> },
    { key: 'operation_type', title: t('audit.operation'), render: (entry) => nameOf(entry.operation_type) },
    { key: 'outcome', title: t('audit.outcome'), render: (entry) => <Outcome outcome={entry.outcome} /> },
    { key: 'target_resource_id', title: t('audit.target'), render: (entry) => <Target entry={entry} /> },
    {
      key: 'operation_details',
      title: t('audit.details'),
      kind: 'long',
      render: (entry) => <Details details={entry.operation_details} />,
    },
    { key: 'ip_address', title: t('audit.ip') },
    { key: 'user_agent', title: t('audit.userAgent'), kind: 'long', isHidden: true },
    { key: 'log_id', title: t('audit.id'), kind: 'id', isHidden: true },
  ]
}

/** Done, or refused: why stands in words beside the code. */
function Outcome({ outcome }: { outcome: string }) {
  const { t } = useTranslation(['finance', 'common'])
  if (outcome === 'success') return <StatusTag tone="good">{t('audit.success')}</StatusTag>
  const code = outcome.replace(/^failed: /, '')
  return (
    <Tooltip title={t(`common:errors.${code as 'INVALID_PARAMS'}`, { defaultValue: code })}>
      <span>
        <StatusTag tone="bad">{t('audit.failed')}</StatusTag>
      </span>
    </Tooltip>
  )
}

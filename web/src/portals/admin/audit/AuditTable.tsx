import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { AuditLogItem } from '@/api/generated'
import { listAuditLogsOptions } from '@/api/generated/@tanstack/react-query.gen'
import type { Column } from '@/shared/DataTable'
import type { Filter } from '@/shared/FilterBar'
import { later } from '@/shared/later'
import { OpenRecord, useOpenRecord } from '@/shared/OpenRecord'
import { QueryTable } from '@/shared/QueryTable'
import { StatusTag } from '@/shared/StatusTag'
import { useUrlState } from '@/shared/url-state'
import { RefusalReason } from '../parts/RefusalReason'
import { AuditTarget } from './AuditTarget'
import { auditWord, operations } from './words'

const AuditDrawer = later(() => import('./AuditDrawer'))

/** The audit log, of everybody or of one actor. */
export function AuditTable({ actorId }: { actorId?: string }) {
  const { t } = useTranslation(['admin', 'common'])
  const opened = useOpenRecord()
  const isOfOne = actorId !== undefined
  const filters: Filter[] = [
    { kind: 'range' },
    {
      kind: 'select',
      name: 'operation_type',
      label: t('audit.operation'),
      options: operations().map((value) => ({ value, label: auditWord('operations', value) })),
    },
    ...(isOfOne ? [] : [{ kind: 'keyword', name: 'actor_id', label: t('audit.actorId') } as const]),
  ]
  return (
    <>
      <QueryTable
        name={isOfOne ? 'admin.operator.audit' : 'admin.audit'}
        list={listAuditLogsOptions}
        fixed={isOfOne ? { actor_id: actorId } : undefined}
        filters={filters}
        columns={useColumns(isOfOne)}
        rowKey="log_id"
        empty={{ text: t(isOfOne ? 'audit.emptyOperator' : 'audit.empty') }}
      />
      {opened && <AuditDrawer key={opened} id={opened} />}
    </>
  )
}

function useColumns(isOfOne: boolean): Column<AuditLogItem>[] {
  const { t } = useTranslation(['admin', 'common'])
  const actor: Column<AuditLogItem> = {
    key: 'actor_name',
    title: t('audit.actor'),
    render: (entry) => <Actor entry={entry} />,
  }
  return [
    { key: 'created_at', title: t('audit.time'), kind: 'time' },
    ...(isOfOne ? [] : [actor]),
    {
      key: 'operation_type',
      title: t('audit.operation'),
      render: (entry) => auditWord('operations', entry.operation_type),
    },
    { key: 'target', title: t('audit.target'), render: (entry) => <AuditTarget entry={entry} /> },
    { key: 'outcome', title: t('audit.outcome'), render: (entry) => <Outcome outcome={entry.outcome} /> },
    { key: 'ip_address', title: t('audit.ip') },
    { key: 'log_id', title: t('audit.id'), kind: 'id', isHidden: true },
    {
      key: 'actions',
      title: t('common:actions'),
      render: (entry) => <OpenRecord id={entry.log_id} />,
    },
  ]
}

/** The name narrows the list to what the same person did. */
function Actor({ entry }: { entry: AuditLogItem }) {
  const { t } = useTranslation(['admin', 'common'])
  const [, change] = useUrlState()
  const id = entry.actor_id
  const name = entry.actor_type === 'system' ? t('audit.actorTypes.system') : entry.actor_name
  return (
    <>
      {id ? (
        <Button
          type="link"
          size="small"
          title={t('audit.filterActor')}
          style={{ marginInlineStart: -7 }}
          onClick={() => {
            change({ actor_id: id, page: undefined })
          }}
        >
          {name}
        </Button>
      ) : (
        name
      )}
      {entry.actor_type !== 'system' && (
        <span style={{ opacity: 0.75 }}>{auditWord('actorTypes', entry.actor_type)}</span>
      )}
    </>
  )
}

export function Outcome({ outcome, isLong }: { outcome: string; isLong?: boolean }) {
  const { t } = useTranslation(['admin', 'common'])
  if (outcome === 'success') return <StatusTag tone="good">{t('audit.success')}</StatusTag>
  return (
    <>
      <StatusTag tone="bad">{t('audit.refused')}</StatusTag>{' '}
      <RefusalReason code={outcome.replace(/^failed:\s*/, '')} isLong={isLong} />
    </>
  )
}

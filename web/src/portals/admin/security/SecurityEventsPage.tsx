import { Link } from '@tanstack/react-router'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import type { SecurityEventItem } from '@/api/generated'
import { listSecurityEventsOptions } from '@/api/generated/@tanstack/react-query.gen'
import type { Column } from '@/shared/DataTable'
import type { Filter } from '@/shared/FilterBar'
import { Page } from '@/shared/Page'
import { QueryTable } from '@/shared/QueryTable'
import { EventKind, eventKey, eventKinds } from './EventKind'
import { EventOperators } from './EventOperators'

export default function SecurityEventsPage() {
  const { t } = useTranslation(['admin', 'common'])
  const filters: Filter[] = [
    { kind: 'range' },
    {
      kind: 'select',
      name: 'kind',
      label: t('security.kind'),
      options: eventKinds.map((value) => ({ value, label: t(`security.kinds.${value}`) })),
    },
  ]
  const columns: Column<SecurityEventItem>[] = [
    { key: 'created_at', title: t('security.time'), kind: 'time' },
    { key: 'kind', title: t('security.kind'), render: ({ kind }) => <EventKind kind={kind} /> },
    {
      key: 'ip_address',
      title: t('security.ip'),
      render: ({ ip_address: ip }) =>
        ip ? (
          <Link to="/admin/authorization-log" search={{ ip } as never} title={t('security.showLogs')}>
            {ip}
          </Link>
        ) : (
          '—'
        ),
    },
    {
      key: 'operator_ids',
      title: t('security.operators'),
      render: (event) => <EventOperators ids={event.operator_ids} />,
    },
    {
      key: 'evidence',
      title: t('security.evidence'),
      kind: 'long',
      render: (event) => <Evidence evidence={event.evidence} />,
    },
  ]
  return (
    <Page>
      <QueryTable
        name="admin.security"
        list={listSecurityEventsOptions}
        columns={columns}
        rowKey={eventKey}
        filters={filters}
        empty={{ text: t('security.empty') }}
      />
    </Page>
  )
}

/** What the event rests on: names and values in a line. */
function Evidence({ evidence }: { evidence: SecurityEventItem['evidence'] }) {
  const entries = Object.entries(evidence as Record<string, unknown>)
  if (entries.length === 0) return '—'
  return entries.map(([key, value]) => (
    <span key={key} style={{ marginInlineEnd: 12, display: 'inline-block' }}>
      <span style={{ opacity: 0.75 }}>{nameOf(key)}</span>{' '}
      {typeof value === 'string' || typeof value === 'number'
        ? wordOf(key, String(value))
        : JSON.stringify(value)}
    </span>
  ))
}

/** A door is called after the role that enters by it. */
function wordOf(key: string, value: string): string {
  const path = `common:role.${value}`
  return key === 'door' && i18next.exists(path) ? i18next.t(path as 'common:role.admin') : value
}

function nameOf(key: string): string {
  const path = `admin:security.evidenceOf.${key}`
  return i18next.exists(path) ? i18next.t(path as 'admin:security.evidenceOf.limit') : key
}

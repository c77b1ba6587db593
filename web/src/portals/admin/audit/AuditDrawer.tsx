import { Flex, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditLogItem } from '@/api/generated'
import { listAuditLogsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { CopyText } from '@/shared/CopyText'
import RecordDrawer from '@/shared/RecordDrawer'
import { Time } from '@/shared/Time'
import { AuditDetails } from './AuditDetails'
import { Outcome } from './AuditTable'
import { AuditTarget } from './AuditTarget'
import { auditWord } from './words'

/** One entry: who, what, from where, and the details in words or as they were written. */
export default function AuditDrawer({ id }: { id: string }) {
  const { t } = useTranslation(['admin', 'common'])
  return (
    <RecordDrawer<AuditLogItem>
      id={id}
      width={560}
      title={t('audit.detail')}
      list={listAuditLogsOptions}
      idOf={(entry) => entry.log_id}
      facts={(entry) => [
        { label: t('audit.time'), value: <Time at={entry.created_at} /> },
        { label: t('audit.operation'), value: auditWord('operations', entry.operation_type) },
        { label: t('audit.outcome'), value: <Outcome outcome={entry.outcome} isLong /> },
        {
          label: t('audit.actor'),
          value:
            entry.actor_type === 'system'
              ? t('audit.actorTypes.system')
              : `${entry.actor_name} · ${auditWord('actorTypes', entry.actor_type)}`,
        },
        { label: t('audit.target'), value: <AuditTarget entry={entry} isLong />, isWide: true },
        { label: t('audit.ip'), value: entry.ip_address ?? '—' },
        { label: t('audit.userAgent'), value: entry.user_agent ?? '—', isWide: true },
        { label: t('audit.id'), value: <CopyText text={entry.log_id} />, isWide: true },
      ]}
    >
      {(entry) => <Details entry={entry} />}
    </RecordDrawer>
  )
}

function Details({ entry }: { entry: AuditLogItem }) {
  const { t } = useTranslation(['admin', 'common'])
  const [view, setView] = useState<'readable' | 'raw'>('readable')
  return (
    <section>
      <Flex justify="space-between" align="center" style={{ marginBlockEnd: 8 }}>
        <h2 style={{ margin: 0, fontSize: 15, fontWeight: 600 }}>{t('audit.details')}</h2>
        <Segmented
          size="small"
          aria-label={t('audit.details')}
          value={view}
          options={[
            { value: 'readable', label: t('audit.readable') },
            { value: 'raw', label: t('audit.raw') },
          ]}
          onChange={setView}
        />
      </Flex>
      {view === 'readable' ? <AuditDetails entry={entry} /> : <Raw details={entry.operation_details} />}
    </section>
  )
}

function Raw({ details }: { details: unknown }) {
  const text = JSON.stringify(details, null, 2)
  return (
    // Scrolls by itself, and so must be reachable by keyboard.
    <pre className="code" tabIndex={0} style={{ margin: 0, overflow: 'auto', maxHeight: 400 }}>
      {text}
    </pre>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { SecurityEventItem } from '@/api/generated'
import { listSecurityEventsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { LinkButton } from '@/shared/LinkButton'
import { Panel } from '@/shared/Panel'
import { Time } from '@/shared/Time'
import { EventOperators } from '../security/EventOperators'
import { EventKind, eventKey } from '../security/EventKind'
import { Briefly } from './Briefly'

/** What the platform last noticed about its safety. */
export function LatestEvents() {
  const { t } = useTranslation(['admin', 'common'])
  const events = useQuery(listSecurityEventsOptions({ query: { page_size: 5 } }))
  return (
    <Panel
      title={t('dashboard.security')}
      extra={
        <LinkButton to="/admin/security-events" look="link" size="small">
          {t('dashboard.more')}
        </LinkButton>
      }
    >
      <Briefly<SecurityEventItem>
        query={events}
        empty={t('dashboard.noSecurity')}
        rowKey={eventKey}
        row={(event) => ({
          text: (
            <>
              <EventKind kind={event.kind} /> <EventOperators ids={event.operator_ids} />
            </>
          ),
          detail: event.ip_address ?? undefined,
          time: <Time at={event.created_at} />,
        })}
      />
    </Panel>
  )
}

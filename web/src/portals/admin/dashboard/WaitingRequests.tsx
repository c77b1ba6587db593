import { useTranslation } from 'react-i18next'
import { useQuery } from '@tanstack/react-query'
import type { OperatorAppRequestItem } from '@/api/generated'
import { listAllAppRequestsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { LinkButton } from '@/shared/LinkButton'
import { Panel } from '@/shared/Panel'
import { Time } from '@/shared/Time'
import { OperatorLink } from '../fields/OperatorLink'
import { RequestDecision } from '../requests/RequestDecision'
import { Briefly } from './Briefly'

/** The newest requests that wait, to be decided on the spot. */
export function WaitingRequests() {
  const { t } = useTranslation(['admin', 'common'])
  const waiting = useQuery(listAllAppRequestsOptions({ query: { status: 'pending', page_size: 5 } }))
  return (
    <Panel
      title={t('dashboard.waiting')}
      extra={
        <LinkButton to="/admin/app-requests" look="link" size="small">
          {t('dashboard.more')}
        </LinkButton>
      }
    >
      <Briefly<OperatorAppRequestItem>
        query={waiting}
        empty={t('dashboard.noneWaiting')}
        rowKey={(request) => request.request_id}
        row={(request) => ({
          text: (
            <>
              <OperatorLink id={request.operator_id} name={request.operator_name} /> · {request.app_name}
            </>
          ),
          detail: request.reason,
          end: <RequestDecision request={request} />,
          time: <Time at={request.created_at} />,
        })}
      />
    </Panel>
  )
}

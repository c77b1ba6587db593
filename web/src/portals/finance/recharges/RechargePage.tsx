import { useQuery } from '@tanstack/react-query'
import { Alert, Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import type { IncidentItem, RechargeDetails } from '@/api/generated'
import { getAnyRechargeOptions } from '@/api/generated/@tanstack/react-query.gen'
import { Allowed } from '@/shared/Allowed'
import { unwrap } from '@/shared/api/queries'
import { DataTable } from '@/shared/DataTable'
import { DetailPage, useParam } from '@/shared/DetailPage'
import { Panel } from '@/shared/Panel'
import { OrderTag } from '../parts/tags'
import { LateTag } from './columns'
import { useIncidentColumns } from './incidents'
import { OrderFacts, ResolutionFacts } from './OrderFacts'
import { Resolve } from './Resolve'

export default function RechargePage() {
  const { t } = useTranslation(['finance', 'common'])
  const id = useParam('id')
  const query = useQuery({ ...getAnyRechargeOptions({ path: { id } }), select: unwrap })
  return (
    <DetailPage
      query={query}
      title={(order) => t('recharges.of', { name: order.operator_name })}
      tags={(order) => (
        <>
          <OrderTag status={order.status} />
          {order.paid_late && <LateTag />}
        </>
      )}
    >
      {(order) => (
        <>
          {order.status === 'abnormal' && (
            <Alert
              type="warning"
              showIcon
              title={t('recharges.abnormalHint', { count: order.query_failures })}
              action={
                <Allowed to="can_resolve_recharge">
                  <Resolve order={order} />
                </Allowed>
              }
            />
          )}
          <Panel>
            <OrderFacts order={order} />
          </Panel>
          {order.resolved_outcome && (
            <Panel title={t('recharges.resolvedOutcome')}>
              <ResolutionFacts order={order} />
            </Panel>
          )}
          {order.incidents.length > 0 && <Incidents order={order} />}
        </>
      )}
    </DetailPage>
  )
}

function Incidents({ order }: { order: RechargeDetails }) {
  const { t } = useTranslation(['finance', 'common'])
  const known = ['operator_name', 'order_id']
  return (
    <Flex vertical gap={12}>
      <Alert type="warning" showIcon title={t('recharges.incidentsHint')} />
      <DataTable<IncidentItem>
        name="finance.recharge.incidents"
        columns={useIncidentColumns().filter(({ key }) => !known.includes(key))}
        rows={order.incidents}
        rowKey="incident_id"
        toolbar={
          <h2 style={{ margin: '4px 0 0 4px', fontSize: 15, fontWeight: 600 }}>{t('recharges.incidents')}</h2>
        }
        empty={{ text: t('recharges.noIncidents') }}
      />
    </Flex>
  )
}

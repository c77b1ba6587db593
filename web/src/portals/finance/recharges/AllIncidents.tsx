import { useTranslation } from 'react-i18next'
import { listPaymentIncidentsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { QueryTable } from '@/shared/QueryTable'
import { useIncidentColumns } from './incidents'

export default function AllIncidents() {
  const { t } = useTranslation(['finance', 'common'])
  return (
    <QueryTable
      name="finance.incidents"
      list={listPaymentIncidentsOptions}
      columns={useIncidentColumns()}
      rowKey="incident_id"
      empty={{ text: t('recharges.noIncidents') }}
    />
  )
}

import { useTranslation } from 'react-i18next'
import { listAllRechargesOptions } from '@/api/generated/@tanstack/react-query.gen'
import { QueryTable } from '@/shared/QueryTable'
import { useOrderColumns, useOrderFilters } from '../recharges/columns'

export default function CustomerRecharges({ id }: { id: string }) {
  const { t } = useTranslation(['finance', 'common'])
  return (
    <QueryTable
      name="finance.customer.recharges"
      list={listAllRechargesOptions}
      fixed={{ operator_id: id }}
      filters={useOrderFilters()}
      columns={useOrderColumns().filter(({ key }) => key !== 'operator_name')}
      rowKey="order_id"
      empty={{ text: t('customers.noRecharges') }}
    />
  )
}

import { useTranslation } from 'react-i18next'
import { listAllRefundsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { QueryTable } from '@/shared/QueryTable'
import { useReviewFilter } from '../parts/useReviewFilter'
import { useRefundColumns } from '../refunds/columns'

export default function CustomerRefunds({ id }: { id: string }) {
  const { t } = useTranslation(['finance', 'common'])
  return (
    <QueryTable
      name="finance.customer.refunds"
      list={listAllRefundsOptions}
      fixed={{ operator_id: id }}
      filters={[useReviewFilter()]}
      columns={useRefundColumns().filter(({ key }) => key !== 'operator_name')}
      rowKey="refund_id"
      empty={{ text: t('customers.noRefunds') }}
    />
  )
}

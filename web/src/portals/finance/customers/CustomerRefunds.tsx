import { Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { listAllRefunds, type FinanceRefund } from '@/api/generated'
import { DataTable } from '@/shared/DataTable'
import { useRefundColumns } from '../refunds/columns'
import { SearchFoot } from './SearchFoot'
import { useSearchBack } from './useSearchBack'

export default function CustomerRefunds({ id }: { id: string }) {
  const { t } = useTranslation(['finance', 'common'])
  const search = useSearchBack('listAllRefunds', id, (query) => listAllRefunds({ query }))
  return (
    <Flex vertical gap={12}>
      <DataTable<FinanceRefund>
        name="finance.customer.refunds"
        columns={useRefundColumns().filter((column) => column.key !== 'operator_name')}
        rows={search.rows}
        rowKey="refund_id"
        isLoading={search.isLoading}
        isFetching={search.isFetching}
        error={search.error}
        onRefresh={search.refresh}
        empty={{ text: t('customers.noRefunds') }}
      />
      <SearchFoot search={search} />
    </Flex>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Empty, Flex, Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'
import { listTopCustomersOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { Money } from '@/shared/Money'
import { Panel } from '@/shared/Panel'
import { ProblemView } from '@/shared/ProblemView'
import { CustomerLink } from '../parts/links'
import { ShareBar } from '../customers/ShareBar'

/** Who spent most in the last 30 days. */
export function TopCustomers() {
  const { t } = useTranslation(['finance', 'common'])
  const { data, error, refetch } = useQuery({
    ...listTopCustomersOptions({ query: { limit: 5 } }),
    select: unwrap,
  })
  return (
    <Panel
      title={t('dashboard.top')}
      extra={<Link to="/finance/customers">{t('dashboard.allCustomers')}</Link>}
      isBusy={!data && !error}
    >
      {error && !data && <ProblemView error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Skeleton active title={false} paragraph={{ rows: 4, width: '100%' }} />}
      {data?.customers.length === 0 && (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('dashboard.topEmpty')} />
      )}
      <Flex vertical gap={12}>
        {data?.customers.map((customer) => (
          <div key={customer.operator_id}>
            <Flex justify="space-between" gap={12}>
              <CustomerLink id={customer.operator_id} name={customer.operator_name} />
              <Money amount={customer.total_consumption} />
            </Flex>
            <ShareBar percent={customer.consumption_percentage} />
          </div>
        ))}
      </Flex>
    </Panel>
  )
}

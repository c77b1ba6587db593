import { useQuery } from '@tanstack/react-query'
import { Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import type { RechargeItem } from '@/api/generated'
import { getRechargeOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { CopyText } from '@/shared/CopyText'
import { DetailPage, useParam } from '@/shared/DetailPage'
import { Facts } from '@/shared/Facts'
import { Money } from '@/shared/Money'
import { formatMoney } from '@/shared/money'
import { Panel } from '@/shared/Panel'
import { Time } from '@/shared/Time'
import { Outcome } from './Outcome'
import { OrderStatus } from './OrderStatus'
import { Payment } from './Payment'

/** The stream of events tells when an order is paid; asking as well makes the platform look at the provider. */
const askEveryMs = 5_000

/** One order from its code to its outcome. */
export default function OrderPage() {
  const { t } = useTranslation(['operator', 'common'])
  const id = useParam('id')
  const query = useQuery({
    ...getRechargeOptions({ path: { id } }),
    select: unwrap,
    refetchInterval: ({ state }) => (state.data?.data.status === 'pending' ? askEveryMs : false),
  })
  return (
    <DetailPage
      query={query}
      title={(order) => t('topUp.titleOf', { amount: formatMoney(order.amount) })}
      tags={(order) => <OrderStatus status={order.status} />}
    >
      {(order) => (
        <Flex vertical gap={16}>
          {order.status === 'pending' ? <Payment order={order} /> : <Outcome order={order} />}
          <OrderFacts order={order} />
        </Flex>
      )}
    </DetailPage>
  )
}

function OrderFacts({ order }: { order: RechargeItem }) {
  const { t } = useTranslation(['operator', 'common'])
  return (
    <Panel>
      <Facts
        items={[
          { label: t('topUp.amount'), value: <Money amount={order.amount} strong /> },
          { label: t('topUp.channel'), value: t(`topUp.method.${order.payment_method}`) },
          { label: t('topUp.createdAt'), value: <Time at={order.created_at} /> },
          { label: t('topUp.expiresAt'), value: <Time at={order.expires_at} /> },
          { label: t('topUp.paidAt'), value: <Time at={order.paid_at} /> },
          { label: t('topUp.orderId'), value: <CopyText text={order.order_id} />, isWide: true },
        ]}
      />
    </Panel>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Alert, Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import type { RechargeItem } from '@/api/generated'
import { getBalanceOptions, listTransactionsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { LinkButton } from '@/shared/LinkButton'
import { formatMoney } from '@/shared/money'
import { LiveMoney } from '../LiveMoney'

type Ended = Exclude<RechargeItem['status'], 'pending'>

const looks: Record<Ended, 'success' | 'error' | 'info' | 'warning'> = {
  success: 'success',
  failed: 'error',
  closed: 'info',
  abnormal: 'warning',
}

/** How an order ended, and what to do now. */
export function Outcome({ order }: { order: RechargeItem }) {
  const { t } = useTranslation(['operator', 'common'])
  const status = order.status as Ended
  const isSuccess = status === 'success'
  return (
    <div role="status">
      <Alert
        type={looks[status]}
        showIcon
        title={t(`topUp.${status}`)}
        description={
          <Flex vertical gap={12}>
            <span>{t(`topUp.${status}Hint`, { amount: formatMoney(order.amount) })}</span>
            {isSuccess && <Moved order={order} />}
            <Flex gap={8} wrap>
              {/* Whoever may have paid is not asked to pay once more. */}
              {status !== 'abnormal' && (
                <LinkButton to="/operator/top-up" look={isSuccess ? 'default' : 'primary'}>
                  {t(isSuccess ? 'topUp.more' : 'topUp.again')}
                </LinkButton>
              )}
              <LinkButton to="/operator/dashboard">{t('topUp.toDashboard')}</LinkButton>
              <LinkButton to="/operator/transactions">{t('topUp.toTransactions')}</LinkButton>
            </Flex>
          </Flex>
        }
      />
    </div>
  )
}

/** The balance before and after, as the books have it, and the balance now. */
function Moved({ order }: { order: RechargeItem }) {
  const { t } = useTranslation(['operator', 'common'])
  const balance = useQuery({ ...getBalanceOptions(), select: unwrap }).data?.balance
  const since = { type: 'recharge', start_time: order.created_at, page_size: 100 } as const
  const entries = useQuery(listTransactionsOptions({ query: since }))
  const entry = entries.data?.items.find(({ order_id }) => order_id === order.order_id)
  return (
    <Flex gap={24} wrap style={{ fontSize: 16 }}>
      {entry && (
        <span className="figures">
          {t('topUp.moved')} {formatMoney(entry.balance_before)} →{' '}
          <strong>{formatMoney(entry.balance_after)}</strong>
        </span>
      )}
      {balance !== undefined && (
        <span>
          {t('topUp.now')} <LiveMoney amount={balance} />
        </span>
      )}
    </Flex>
  )
}

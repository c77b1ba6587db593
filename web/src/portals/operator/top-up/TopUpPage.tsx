import { Skeleton } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getBalanceOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { later } from '@/shared/later'
import { Page } from '@/shared/Page'
import { Panel } from '@/shared/Panel'
import { ProblemView } from '@/shared/ProblemView'
import { LiveMoney } from '../LiveMoney'
import { useLimits } from '../parts/useLimits'
import { TopUpForm } from './TopUpForm'

const Orders = later(() => import('./Orders'))

/** Makes an order; paying it is a page of its own, which can be reloaded and come back to. */
export default function TopUpPage() {
  const { t } = useTranslation(['operator', 'common'])
  const { data: limits, error, refetch } = useLimits()
  let form = <Skeleton active paragraph={{ rows: 6 }} />
  if (limits) form = <TopUpForm limits={limits} />
  else if (error) form = <ProblemView error={error} onRetry={() => void refetch()} />
  return (
    <Page>
      <div
        style={{
          display: 'grid',
          gap: 16,
          gridTemplateColumns: 'repeat(auto-fit, minmax(min(360px, 100%), 1fr))',
        }}
      >
        <Panel title={t('topUp.title')} extra={<BalanceNow />} isBusy={!limits && !error}>
          {form}
        </Panel>
        <Panel title={t('topUp.howTitle')}>
          <ol style={{ margin: 0, paddingInlineStart: 20, lineHeight: 1.9 }}>
            <li>{t('topUp.how1')}</li>
            <li>{limits && t('topUp.how2', { count: limits.payment_order_expire_minutes })}</li>
            <li>{t('topUp.how3')}</li>
          </ol>
        </Panel>
      </div>
      <h2 style={{ margin: 0, fontSize: 15, fontWeight: 600 }}>{t('topUp.orders')}</h2>
      <Orders />
    </Page>
  )
}

function BalanceNow() {
  const { t } = useTranslation(['operator', 'common'])
  const balance = useQuery({ ...getBalanceOptions(), select: unwrap }).data?.balance
  return (
    <span>
      {t('topUp.now')} {balance !== undefined && <LiveMoney amount={balance} />}
    </span>
  )
}

import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Flex, Skeleton, theme } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FinanceDay, FinanceMonth } from '@/api/generated'
import { getFinanceTrendsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { LineChart } from '@/shared/chart/Chart'
import { later } from '@/shared/later'
import { Money } from '@/shared/Money'
import { Panel } from '@/shared/Panel'
import { ProblemView } from '@/shared/ProblemView'
import { addToDate, today } from '@/shared/time'
import { textOf, useUrlState } from '@/shared/url-state'

/** Calendars are heavy and come after the page. */
const MonthField = later(() => import('./MonthField'), <Skeleton.Input active style={{ width: 130 }} />)

/** The money of a month by day; the address says which month. */
export function MonthTrend() {
  const { t } = useTranslation(['finance', 'common'])
  const [search, change] = useUrlState()
  const now = today().slice(0, 7)
  const month = textOf(search, 'month') ?? now
  const { data, error, isLoading, refetch } = useQuery({
    ...getFinanceTrendsOptions({ query: { month } }),
    select: unwrap,
    placeholderData: keepPreviousData,
  })
  const show = (chosen: string) => {
    change({ month: chosen === now ? undefined : chosen })
  }
  const step = (count: number) => {
    show(addToDate(`${month}-01`, count, 'month').slice(0, 7))
  }
  return (
    <Panel
      title={t('dashboard.trend')}
      extra={
        <Flex gap={4}>
          <Button
            type="text"
            icon={<LeftOutlined />}
            aria-label={t('dashboard.previousMonth')}
            onClick={() => {
              step(-1)
            }}
          />
          <MonthField month={month} onChange={show} />
          <Button
            type="text"
            icon={<RightOutlined />}
            aria-label={t('dashboard.nextMonth')}
            disabled={month >= now}
            onClick={() => {
              step(1)
            }}
          />
        </Flex>
      }
    >
      {error ? (
        <ProblemView error={error} onRetry={() => void refetch()} />
      ) : (
        <Flex vertical gap={16}>
          <Summary summary={data?.summary} />
          <TrendChart month={month} days={data?.chart_data} isLoading={isLoading} />
        </Flex>
      )}
    </Panel>
  )
}

/** The month as a whole, in one line where there is room. */
function Summary({ summary }: { summary: FinanceMonth | undefined }) {
  const { t } = useTranslation(['finance', 'common'])
  const { token } = theme.useToken()
  const items = [
    [t('dashboard.monthRecharge'), summary?.total_recharge],
    [t('dashboard.monthConsumption'), summary?.total_consumption],
    [t('dashboard.monthRefund'), summary?.total_refund],
    [t('dashboard.monthNetIncome'), summary?.total_net_income],
  ]
  return (
    <dl
      style={{
        display: 'grid',
        gridTemplateColumns: 'repeat(auto-fit, minmax(120px, 1fr))',
        gap: '8px 16px',
        margin: 0,
      }}
    >
      {items.map(([label, amount]) => (
        <div key={label}>
          <dt style={{ color: token.colorTextDescription, fontSize: 13 }}>{label}</dt>
          <dd style={{ margin: 0 }}>
            <Money amount={amount} strong />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function TrendChart({
  month,
  days,
  isLoading,
}: {
  month: string
  days: FinanceDay[] | undefined
  isLoading: boolean
}) {
  const { t } = useTranslation(['finance', 'common'])
  const past = (days ?? []).filter((day) => day.date <= today())
  return (
    <LineChart
      label={t('dashboard.trendLabel', { month })}
      height={280}
      isLoading={isLoading}
      unit="money"
      categories={past.map((day) => day.date.slice(5))}
      series={[
        { name: t('dashboard.monthRecharge'), values: past.map((day) => day.recharge) },
        { name: t('dashboard.monthConsumption'), values: past.map((day) => day.consumption) },
        { name: t('dashboard.monthRefund'), values: past.map((day) => day.refund) },
        { name: t('dashboard.monthNetIncome'), values: past.map((day) => day.net_income) },
      ]}
    />
  )
}

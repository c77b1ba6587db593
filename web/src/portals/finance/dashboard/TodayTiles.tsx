import { useQuery } from '@tanstack/react-query'
import { Skeleton, theme } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { getFinanceDashboardOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { Money } from '@/shared/Money'
import { Panel } from '@/shared/Panel'
import { ProblemView } from '@/shared/ProblemView'

/** The figures of today; they follow the live stream. */
export function TodayTiles() {
  const { t } = useTranslation(['finance', 'common'])
  const { data, error, refetch } = useQuery({ ...getFinanceDashboardOptions(), select: unwrap })
  if (error && !data) return <ProblemView error={error} onRetry={() => void refetch()} />
  const tiles = [
    { label: t('dashboard.recharge'), value: data && <Money amount={data.today_recharge} /> },
    { label: t('dashboard.consumption'), value: data && <Money amount={data.today_consumption} /> },
    {
      label: t('dashboard.refund'),
      value: data && <Money amount={data.today_refund} />,
      hint: t('dashboard.refundHint'),
    },
    {
      label: t('dashboard.netIncome'),
      value: data && <Money amount={data.today_net_income} />,
      hint: t('dashboard.netIncomeHint'),
    },
    {
      label: t('dashboard.operators'),
      value: data?.total_operators.toLocaleString('en-US'),
      hint: data && t('dashboard.activeOperators', { count: data.active_operators_today }),
    },
  ]
  return (
    <section
      aria-label={t('dashboard.today')}
      aria-live="polite"
      style={{
        display: 'grid',
        gridTemplateColumns: 'repeat(auto-fit, minmax(min(170px, 100%), 1fr))',
        gap: 12,
      }}
    >
      {tiles.map((tile) => (
        <Tile key={tile.label} {...tile} />
      ))}
    </section>
  )
}

function Tile({ label, value, hint }: { label: string; value: ReactNode; hint?: string }) {
  const { token } = theme.useToken()
  const quiet = { color: token.colorTextDescription, fontSize: 13, lineHeight: '20px' }
  return (
    <Panel isBusy={value === undefined}>
      <div style={quiet}>{label}</div>
      <div className="figures" style={{ fontSize: 22, fontWeight: 600, lineHeight: '34px' }}>
        {value ?? <Skeleton.Input active size="small" />}
      </div>
      <div style={{ ...quiet, minHeight: 20 }}>{hint}</div>
    </Panel>
  )
}

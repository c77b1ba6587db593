import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { PriceItem } from '@/api/generated'
import { listApplicationPricesOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { DataTable, type Column } from '@/shared/DataTable'
import { formatMoney, fromFen, toFen } from '@/shared/money'
import { StatusTag } from '@/shared/StatusTag'
import { Money } from '@/shared/Money'

/** A price with how far it is from the one before it. */
type Step = PriceItem & { difference?: string; isCurrent: boolean }

function toSteps(prices: PriceItem[] | undefined): Step[] | undefined {
  return prices?.map((price, index) => {
    const before = prices[index + 1]?.unit_price
    const isKnown = before && price.unit_price
    const difference = isKnown ? fromFen(toFen(price.unit_price ?? '0') - toFen(before)) : undefined
    return { ...price, difference, isCurrent: index === 0 }
  })
}

const heading = { margin: '4px 0 0 4px', fontSize: 15, fontWeight: 600 }

const signed = (amount: string) => (amount.startsWith('-') ? formatMoney(amount) : `+${formatMoney(amount)}`)

export default function PriceHistory({ id }: { id: string }) {
  const { t } = useTranslation(['admin', 'common'])
  const prices = useQuery({ ...listApplicationPricesOptions({ path: { id } }), select: unwrap })
  const columns: Column<Step>[] = [
    { key: 'effective_at', title: t('apps.since'), kind: 'time' },
    {
      key: 'unit_price',
      title: t('apps.price'),
      kind: 'money',
      render: (price) => <Money amount={price.unit_price} strong={price.isCurrent} />,
    },
    {
      key: 'difference',
      title: t('apps.change'),
      kind: 'money',
      render: ({ difference }) => <span className="figures">{difference ? signed(difference) : '—'}</span>,
    },
    {
      key: 'isCurrent',
      title: t('apps.state'),
      render: ({ isCurrent }) => isCurrent && <StatusTag tone="good">{t('apps.current')}</StatusTag>,
    },
    { key: 'changed_by', title: t('apps.changedBy') },
    { key: 'reason', title: t('apps.reason'), kind: 'long' },
  ]
  return (
    <DataTable<Step>
      name="admin.app.prices"
      columns={columns}
      rows={toSteps(prices.data?.prices)}
      rowKey="effective_at"
      isLoading={prices.isLoading}
      isFetching={prices.isFetching}
      error={prices.error}
      onRefresh={() => void prices.refetch()}
      toolbar={<h2 style={heading}>{t('apps.prices')}</h2>}
      empty={{ text: t('apps.noPrices') }}
    />
  )
}

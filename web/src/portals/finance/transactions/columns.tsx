import { useTranslation } from 'react-i18next'
import type { FinanceTransaction } from '@/api/generated'
import { CopyText } from '@/shared/CopyText'
import type { Column } from '@/shared/DataTable'
import type { Filter } from '@/shared/FilterBar'
import { Money } from '@/shared/Money'
import { toFen } from '@/shared/money'
import { StatusTag, type Tone } from '@/shared/StatusTag'
import { CustomerLink, OrderLink, RefundLink } from '../parts/links'
import { ChannelName } from '../parts/tags'

const types = ['recharge', 'consumption', 'refund', 'adjustment'] as const

const tones: Record<string, Tone> = { recharge: 'good', consumption: 'quiet', refund: 'waiting' }

export function useTypeFilter(): Filter {
  const { t } = useTranslation(['finance', 'common'])
  return {
    kind: 'select',
    name: 'type',
    label: t('transactions.type'),
    options: types.map((value) => ({ value, label: t(`transactions.types.${value}`) })),
  }
}

/** The amount with the direction in which the balance went. */
function signed({ amount, balance_before, balance_after }: FinanceTransaction): string {
  return toFen(balance_after) < toFen(balance_before) ? `-${amount}` : amount
}

export function useTransactionColumns(): Column<FinanceTransaction>[] {
  const { t } = useTranslation(['finance', 'common'])
  return [
    { key: 'created_at', title: t('transactions.time'), kind: 'time' },
    {
      key: 'operator_name',
      title: t('customer'),
      render: (row) => <CustomerLink id={row.operator_id} name={row.operator_name} />,
    },
    {
      key: 'type',
      title: t('transactions.type'),
      render: ({ type }) => (
        <StatusTag tone={tones[type] ?? 'special'}>
          {t(`transactions.types.${type}` as 'transactions.types.refund')}
        </StatusTag>
      ),
    },
    {
      key: 'amount',
      title: t('amount'),
      kind: 'money',
      render: (row) => <Money amount={signed(row)} />,
    },
    { key: 'balance_before', title: t('transactions.before'), kind: 'money', isHidden: true },
    { key: 'balance_after', title: t('transactions.after'), kind: 'money' },
    {
      key: 'payment_method',
      title: t('paymentMethod'),
      render: (row) => <ChannelName channel={row.payment_method} />,
    },
    { key: 'related', title: t('transactions.related'), render: (row) => <Related transaction={row} /> },
    { key: 'transaction_id', title: t('transactions.id'), kind: 'id', isHidden: true },
  ]
}

/** What moved the balance. */
function Related({ transaction }: { transaction: FinanceTransaction }) {
  const { t } = useTranslation(['finance', 'common'])
  const { order_id: order, refund_id: refund, related_usage_id: usage } = transaction
  if (order) return <OrderLink id={order}>{t('transactions.order')}</OrderLink>
  if (refund) return <RefundLink id={refund}>{t('transactions.refund')}</RefundLink>
  if (!usage) return <span>—</span>
  return <CopyText text={usage} short />
}

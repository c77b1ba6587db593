import { theme } from 'antd'
import { useTranslation } from 'react-i18next'
import type { TransactionItem } from '@/api/generated'
import { formatMoney, toFen } from '@/shared/money'
import { StatusTag, type Tone } from '@/shared/StatusTag'

export const types = ['recharge', 'consumption', 'refund', 'adjustment'] as const

const tones: Record<string, Tone> = { recharge: 'good', refund: 'waiting', adjustment: 'special' }

export function TransactionType({ type }: { type: string }) {
  const { t } = useTranslation(['operator', 'common'])
  const name = t(`transactions.kind.${type as (typeof types)[number]}`)
  return <StatusTag tone={tones[type] ?? 'quiet'}>{name}</StatusTag>
}

/** The amount with its direction, which the API tells by the balances alone. */
export function Movement({ transaction }: { transaction: TransactionItem }) {
  const { token } = theme.useToken()
  const isIncome = toFen(transaction.balance_after) > toFen(transaction.balance_before)
  return (
    <span className="figures" style={{ color: isIncome ? token.colorSuccess : undefined, fontWeight: 500 }}>
      {isIncome ? '+' : '-'}
      {formatMoney(transaction.amount)}
    </span>
  )
}

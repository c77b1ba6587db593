import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { TransactionItem } from '@/api/generated'
import { CopyText } from '@/shared/CopyText'

/** What moved the balance, with a way there. */
export function Related({ transaction }: { transaction: TransactionItem }) {
  const { t } = useTranslation(['operator', 'common'])
  const { related_usage_id: usageId, order_id: orderId, refund_id: refundId } = transaction
  if (usageId) {
    return (
      <Link to="/operator/usage" search={{ id: usageId } as never}>
        {t('transactions.openUsage')}
      </Link>
    )
  }
  if (orderId) {
    return (
      <Link to="/operator/top-up/$id" params={{ id: orderId } as never}>
        {t('transactions.openOrder')}
      </Link>
    )
  }
  return refundId ? <CopyText text={refundId} short /> : '—'
}

import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { RefundDetails } from '@/api/generated'
import { formatMoney } from '@/shared/money'
import { formatTime } from '@/shared/time'

/** What was decided about a refund, by whom and when. */
export function Outcome({ refund }: { refund: RefundDetails }) {
  const { t } = useTranslation(['finance', 'common'])
  const told = {
    by: refund.reviewed_by ?? '—',
    time: refund.reviewed_at ? formatTime(refund.reviewed_at) : '—',
  }
  if (refund.status === 'rejected') {
    const title = t('refunds.decidedRejected', { ...told, reason: refund.reject_reason ?? '—' })
    return <Alert type="info" showIcon title={title} />
  }
  const amount = formatMoney(refund.actual_refund_amount ?? '0.00')
  return <Alert type="info" showIcon title={t('refunds.decidedApproved', { ...told, amount })} />
}

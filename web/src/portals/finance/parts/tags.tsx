import { useTranslation } from 'react-i18next'
import type { OrderStatus, PayoutStatus, ReviewStatus } from '@/api/generated'
import { StatusTag, type Tone } from '@/shared/StatusTag'

const reviewTones: Record<ReviewStatus, Tone> = { pending: 'waiting', approved: 'good', rejected: 'bad' }

export function ReviewTag({ status }: { status: ReviewStatus }) {
  const { t } = useTranslation(['finance', 'common'])
  return <StatusTag tone={reviewTones[status]}>{t(`reviewStatus.${status}`)}</StatusTag>
}

const payoutTones: Record<PayoutStatus, Tone> = { processing: 'waiting', completed: 'good', failed: 'bad' }

/** How far the money of a refund is; nothing before the refund is approved. */
export function PayoutTag({ status }: { status: PayoutStatus | null | undefined }) {
  const { t } = useTranslation(['finance', 'common'])
  if (!status) return <span>—</span>
  return <StatusTag tone={payoutTones[status]}>{t(`refunds.payoutStatus.${status}`)}</StatusTag>
}

export function CategoryTag({ category }: { category: string }) {
  const { t } = useTranslation()
  return (
    <StatusTag tone={category === 'vip' ? 'special' : 'quiet'}>
      {t(`category.${category}` as 'category.vip')}
    </StatusTag>
  )
}

/** WeChat Pay, Alipay, or by hand. */
export function ChannelName({ channel }: { channel: string | null | undefined }) {
  const { t } = useTranslation(['finance', 'common'])
  return <span>{channel ? t(`channel.${channel}` as 'channel.wechat') : '—'}</span>
}

const orderTones: Record<OrderStatus, Tone> = {
  pending: 'waiting',
  success: 'good',
  failed: 'quiet',
  closed: 'quiet',
  abnormal: 'bad',
}

export function OrderTag({ status }: { status: OrderStatus }) {
  const { t } = useTranslation(['finance', 'common'])
  return <StatusTag tone={orderTones[status]}>{t(`recharges.orderStatus.${status}`)}</StatusTag>
}

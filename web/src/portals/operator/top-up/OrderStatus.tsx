import { useTranslation } from 'react-i18next'
import type { RechargeItem } from '@/api/generated'
import { StatusTag, type Tone } from '@/shared/StatusTag'

export const methods = ['wechat', 'alipay'] as const

export const statuses = ['pending', 'success', 'failed', 'closed', 'abnormal'] as const

const tones: Record<RechargeItem['status'], Tone> = {
  pending: 'waiting',
  success: 'good',
  failed: 'bad',
  closed: 'quiet',
  abnormal: 'bad',
}

export function OrderStatus({ status }: { status: RechargeItem['status'] }) {
  const { t } = useTranslation(['operator', 'common'])
  return <StatusTag tone={tones[status]}>{t(`topUp.status.${status}`)}</StatusTag>
}

import { Alert, Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import type { PayoutPart, RefundDetails } from '@/api/generated'
import { Allowed } from '@/shared/Allowed'
import { DataTable, type Column } from '@/shared/DataTable'
import { formatMoney, fromFen } from '@/shared/money'
import { StatusTag, type Tone } from '@/shared/StatusTag'
import { OrderId } from '../parts/links'
import { ChannelName } from '../parts/tags'
import { CompleteByHand, RetryPayout } from './PayoutActs'
import { outstanding } from './outstanding'

const tones: Record<PayoutPart['status'], Tone> = {
  pending: 'waiting',
  processing: 'waiting',
  completed: 'good',
  failed: 'bad',
}

/** The parts in which the money of an approved refund goes out, and what can be done where it does not. */
export function Payouts({ refund }: { refund: RefundDetails }) {
  const { t } = useTranslation(['finance', 'common'])
  const { refused, byHand } = outstanding(refund)
  return (
    <Flex vertical gap={12}>
      {byHand > 0n && (
        <Alert
          type="warning"
          showIcon
          title={t('refunds.manualWaiting', { amount: formatMoney(fromFen(byHand)) })}
          description={refused > 0n && t('refunds.refusedPart', { amount: formatMoney(fromFen(refused)) })}
          action={
            <Allowed to="can_review_refund">
              <Flex gap={8} wrap>
                {refused > 0n && <RetryPayout refund={refund} amount={fromFen(refused)} />}
                <CompleteByHand refund={refund} amount={fromFen(byHand)} />
              </Flex>
            </Allowed>
          }
        />
      )}
      <DataTable<PayoutPart>
        name="finance.refund.payouts"
        columns={useColumns()}
        rows={refund.payouts}
        rowKey="payout_id"
        toolbar={
          <h2 style={{ margin: '4px 0 0 4px', fontSize: 15, fontWeight: 600 }}>{t('refunds.payouts')}</h2>
        }
        empty={{ text: t('refunds.noPayouts') }}
      />
    </Flex>
  )
}

function useColumns(): Column<PayoutPart>[] {
  const { t } = useTranslation(['finance', 'common'])
  return [
    {
      key: 'channel',
      title: t('refunds.part.channel'),
      render: ({ channel }) => <ChannelName channel={channel} />,
    },
    { key: 'amount', title: t('refunds.part.amount'), kind: 'money' },
    {
      key: 'status',
      title: t('refunds.part.status'),
      render: ({ status }) => <StatusTag tone={tones[status]}>{t(`refunds.partStatus.${status}`)}</StatusTag>,
    },
    { key: 'attempts', title: t('refunds.part.attempts'), kind: 'number' },
    {
      key: 'last_error',
      title: t('refunds.part.error'),
      kind: 'long',
      render: ({ last_error }) => <div style={{ maxWidth: 280 }}>{last_error ?? '—'}</div>,
    },
    {
      key: 'order_id',
      title: t('refunds.part.order'),
      render: ({ order_id }) => <OrderId id={order_id} linkText={t('view')} />,
    },
    { key: 'provider_refund_id', title: t('refunds.part.providerId'), kind: 'id', isHidden: true },
    { key: 'payout_id', title: t('refunds.part.id'), kind: 'id', isHidden: true },
    { key: 'updated_at', title: t('refunds.part.updatedAt'), kind: 'time' },
  ]
}

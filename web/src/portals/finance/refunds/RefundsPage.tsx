import { useTranslation } from 'react-i18next'
import { listAllRefundsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { UrlTabs } from '@/shared/DetailPage'
import type { Filter } from '@/shared/FilterBar'
import { Page } from '@/shared/Page'
import { QueryTable } from '../parts/LaterQueryTable'
import { CountedLabel } from '../parts/CountedLabel'
import { useCustomerFilter } from '../parts/useCustomerFilter'
import { useReviewFilter } from '../parts/useReviewFilter'
import { useFailedPayouts, usePendingRefunds } from '../parts/useWaiting'
import { useRefundColumns } from './columns'

export default function RefundsPage() {
  const { t } = useTranslation(['finance', 'common'])
  const payouts = ['processing', 'completed', 'failed'] as const
  const payout: Filter = {
    kind: 'select',
    name: 'payout_status',
    label: t('refunds.payout'),
    options: payouts.map((value) => ({ value, label: t(`refunds.payoutStatus.${value}`) })),
  }
  const columns = useRefundColumns()
  /** A list of one state does not repeat the state, nor what that state cannot have. */
  const list = (name: string, fixed: Record<string, string>, without: string[], text: string) => (
    <QueryTable
      name={`finance.refunds.${name}`}
      list={listAllRefundsOptions}
      columns={columns.filter(({ key }) => !without.includes(key))}
      rowKey="refund_id"
      fixed={fixed}
      empty={{ text }}
    />
  )
  const undecided = ['actual_refund_amount', 'status', 'payout_status', 'reviewed_by', 'reviewed_at']
  const decided = ['current_balance', 'status', 'payout_status']
  return (
    <Page>
      <UrlTabs
        items={[
          {
            key: 'pending',
            label: <CountedLabel label={t('refunds.tabs.pending')} count={usePendingRefunds()} />,
            children: list('pending', { status: 'pending' }, undecided, t('refunds.emptyPending')),
          },
          {
            key: 'failed',
            label: <CountedLabel label={t('refunds.tabs.failed')} count={useFailedPayouts()} />,
            children: list('failed', { payout_status: 'failed' }, decided, t('refunds.emptyFailed')),
          },
          {
            key: 'processing',
            label: t('refunds.tabs.processing'),
            children: list(
              'processing',
              { payout_status: 'processing' },
              decided,
              t('refunds.emptyProcessing'),
            ),
          },
          {
            key: 'all',
            label: t('refunds.tabs.all'),
            children: (
              <QueryTable
                name="finance.refunds.all"
                list={listAllRefundsOptions}
                columns={columns.filter(({ key }) => key !== 'current_balance')}
                rowKey="refund_id"
                filters={[useCustomerFilter(), useReviewFilter(), payout]}
                empty={{ text: t('refunds.empty') }}
              />
            ),
          },
        ]}
      />
    </Page>
  )
}

import { useTranslation } from 'react-i18next'
import type { FinanceRecharge } from '@/api/generated'
import { CopyText } from '@/shared/CopyText'
import { Facts } from '@/shared/Facts'
import { Money } from '@/shared/Money'
import { Time } from '@/shared/Time'
import { CustomerLink } from '../parts/links'
import { ChannelName } from '../parts/tags'

/** What is known of an order here and at the provider. */
export function OrderFacts({ order }: { order: FinanceRecharge }) {
  const { t } = useTranslation(['finance', 'common'])
  const transaction = order.provider_transaction_id
  return (
    <Facts
      items={[
        { label: t('amount'), value: <Money amount={order.amount} strong /> },
        {
          label: t('customer'),
          value: <CustomerLink id={order.operator_id} name={order.operator_name} />,
        },
        { label: t('paymentMethod'), value: <ChannelName channel={order.payment_method} /> },
        { label: t('recharges.orderId'), value: <CopyText text={order.order_id} short /> },
        {
          label: t('recharges.transactionId'),
          value: transaction ? <CopyText text={transaction} /> : '—',
        },
        { label: t('recharges.isLate'), value: t(order.paid_late ? 'common:yes' : 'common:no') },
        { label: t('recharges.createdAt'), value: <Time at={order.created_at} /> },
        { label: t('recharges.paidAt'), value: <Time at={order.paid_at} /> },
        { label: t('recharges.expiresAt'), value: <Time at={order.expires_at} /> },
        {
          label: t('recharges.queryFailures'),
          value: t('recharges.queryFailuresOf', { count: order.query_failures }),
        },
        ...(order.last_answer
          ? [{ label: t('recharges.lastAnswer'), value: order.last_answer, isWide: true }]
          : []),
      ]}
    />
  )
}

/** How an abnormal order was decided by hand. */
export function ResolutionFacts({ order }: { order: FinanceRecharge }) {
  const { t } = useTranslation(['finance', 'common'])
  const outcome = order.resolved_outcome
  return (
    <Facts
      items={[
        {
          label: t('recharges.resolvedOutcome'),
          value: outcome ? t(`recharges.outcome.${outcome}`) : '—',
        },
        { label: t('recharges.resolvedBy'), value: order.resolved_by ?? '—' },
        { label: t('recharges.resolvedAt'), value: <Time at={order.resolved_at} /> },
        { label: t('recharges.resolveReason'), value: order.resolve_reason ?? '—', isWide: true },
      ]}
    />
  )
}

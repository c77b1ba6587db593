import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { BillRunItem, DifferenceItem, RunStatus } from '@/api/generated'
import type { Column } from '@/shared/DataTable'
import { Money } from '@/shared/Money'
import { useCan } from '@/shared/session/can'
import { StatusTag, type Tone } from '@/shared/StatusTag'
import { OrderId } from '../parts/links'
import { ChannelName } from '../parts/tags'
import { keyOf } from './bills'
import { RunAgain } from './RunAgain'

const tones: Record<RunStatus, Tone> = {
  running: 'waiting',
  completed: 'good',
  not_ready: 'waiting',
  failed: 'bad',
}

export function BillTag({ bill }: { bill: BillRunItem }) {
  const { t } = useTranslation(['finance', 'common'])
  return <StatusTag tone={tones[bill.status]}>{t(`reconciliation.statuses.${bill.status}`)}</StatusTag>
}

/** An amount over the number of payments that make it. */
export function Total({ amount, count }: { amount: string; count: number }) {
  const { t } = useTranslation(['finance', 'common'])
  return (
    <>
      <Money amount={amount} />
      <div className="figures" style={{ opacity: 0.75, fontSize: 13 }}>
        {t('reconciliation.countOf', { count })}
      </div>
    </>
  )
}

export function Differences({ bill }: { bill: BillRunItem }) {
  const { t } = useTranslation(['finance', 'common'])
  if (bill.status !== 'completed') return <span>—</span>
  if (bill.differences_count === 0) return <span>{t('reconciliation.noDifferences')}</span>
  return (
    <Link to="/finance/reconciliation/$id" params={{ id: keyOf(bill) }}>
      <StatusTag tone="bad">{t('reconciliation.differencesOf', { count: bill.differences_count })}</StatusTag>
    </Link>
  )
}

export function useBillColumns(): Column<BillRunItem>[] {
  const { t } = useTranslation(['finance', 'common'])
  const can = useCan()
  const act: Column<BillRunItem> = {
    key: 'actions',
    title: t('common:actions'),
    render: (bill) => <RunAgain bill={bill} isInRow />,
  }
  return [
    {
      key: 'date',
      title: t('reconciliation.date'),
      render: (bill) => (
        <Link to="/finance/reconciliation/$id" params={{ id: keyOf(bill) }}>
          {bill.date}
        </Link>
      ),
    },
    {
      key: 'payment_method',
      title: t('paymentMethod'),
      render: (bill) => <ChannelName channel={bill.payment_method} />,
    },
    {
      key: 'status',
      title: t('reconciliation.status'),
      kind: 'long',
      render: (bill) => (
        <>
          <BillTag bill={bill} />
          {bill.error && <div>{bill.error}</div>}
        </>
      ),
    },
    {
      key: 'ours_amount',
      title: t('reconciliation.ours'),
      kind: 'money',
      render: (bill) => <Total amount={bill.ours_amount} count={bill.ours_count} />,
    },
    {
      key: 'theirs_amount',
      title: t('reconciliation.theirs'),
      kind: 'money',
      render: (bill) => <Total amount={bill.theirs_amount} count={bill.theirs_count} />,
    },
    {
      key: 'refunds_amount',
      title: t('reconciliation.refunds'),
      kind: 'money',
      render: (bill) => <Total amount={bill.refunds_amount} count={bill.refunds_count} />,
    },
    {
      key: 'differences_count',
      title: t('reconciliation.differences'),
      render: (bill) => <Differences bill={bill} />,
    },
    { key: 'run_by', title: t('reconciliation.runBy') },
    { key: 'started_at', title: t('reconciliation.startedAt'), kind: 'time', isHidden: true },
    { key: 'finished_at', title: t('reconciliation.finishedAt'), kind: 'time' },
    ...(can('can_resolve_recharge') ? [act] : []),
  ]
}

export function useDifferenceColumns(): Column<DifferenceItem>[] {
  const { t } = useTranslation(['finance', 'common'])
  return [
    {
      key: 'kind',
      title: t('reconciliation.column.kind'),
      render: ({ kind }) => <StatusTag tone="bad">{t(`reconciliation.kind.${kind}`)}</StatusTag>,
    },
    {
      key: 'subject',
      title: t('reconciliation.column.subject'),
      render: ({ subject }) => t(`reconciliation.subject.${subject}`),
    },
    { key: 'our_amount', title: t('reconciliation.column.ourAmount'), kind: 'money' },
    { key: 'their_amount', title: t('reconciliation.column.theirAmount'), kind: 'money' },
    {
      key: 'order_id',
      title: t('reconciliation.column.order'),
      render: ({ order_id }) => <OrderId id={order_id} linkText={t('view')} />,
    },
    { key: 'out_trade_no', title: t('reconciliation.column.tradeNo'), kind: 'id' },
    { key: 'provider_transaction_id', title: t('reconciliation.column.transactionId'), kind: 'id' },
    { key: 'refund_number', title: t('reconciliation.column.refundNumber'), kind: 'id', isHidden: true },
    {
      key: 'is_credited',
      title: t('reconciliation.column.credited'),
      render: ({ is_credited }) =>
        is_credited ? (
          <StatusTag tone="good">{t('reconciliation.credited')}</StatusTag>
        ) : (
          t('reconciliation.notCredited')
        ),
    },
  ]
}

import { useTranslation } from 'react-i18next'
import type { TransactionItem } from '@/api/generated'
import { listTransactionsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { CopyText } from '@/shared/CopyText'
import { Money } from '@/shared/Money'
import RecordDrawer from '@/shared/RecordDrawer'
import { Time } from '@/shared/Time'
import { Movement, TransactionType } from './Movement'
import { Related } from './Related'

/** A movement of the balance with everything that belongs to it. */
export default function TransactionDrawer({ id }: { id: string }) {
  const { t } = useTranslation(['operator', 'common'])
  const ids = (transaction: TransactionItem) =>
    [
      [t('transactions.id'), transaction.transaction_id],
      [t('transactions.usageId'), transaction.related_usage_id],
      [t('transactions.orderId'), transaction.order_id],
      [t('transactions.refundId'), transaction.refund_id],
    ] as const
  return (
    <RecordDrawer<TransactionItem>
      id={id}
      title={t('transactions.detail')}
      list={listTransactionsOptions}
      idOf={(transaction) => transaction.transaction_id}
      facts={(transaction) => [
        { label: t('transactions.amount'), value: <Movement transaction={transaction} /> },
        { label: t('transactions.type'), value: <TransactionType type={transaction.type} /> },
        { label: t('transactions.before'), value: <Money amount={transaction.balance_before} /> },
        { label: t('transactions.after'), value: <Money amount={transaction.balance_after} /> },
        { label: t('transactions.time'), value: <Time at={transaction.created_at} /> },
        ...(transaction.payment_method
          ? [
              {
                label: t('transactions.method'),
                value: t(`topUp.method.${transaction.payment_method as 'wechat'}`),
              },
            ]
          : []),
        ...ids(transaction).flatMap(([label, text]) =>
          text ? [{ label, value: <CopyText text={text} />, isWide: true }] : [],
        ),
      ]}
      links={(transaction) =>
        (transaction.related_usage_id ?? transaction.order_id) && <Related transaction={transaction} />
      }
    />
  )
}

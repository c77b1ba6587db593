import { useTranslation } from 'react-i18next'
import type { TransactionItem } from '@/api/generated'
import { listTransactionsOptions } from '@/api/generated/@tanstack/react-query.gen'
import type { Column } from '@/shared/DataTable'
import { parametersOf, type Filter } from '@/shared/FilterBar'
import { later } from '@/shared/later'
import { LinkButton } from '@/shared/LinkButton'
import { OpenRecord, useOpenRecord } from '@/shared/OpenRecord'
import { Page } from '@/shared/Page'
import { QueryTable } from '@/shared/QueryTable'
import { useUrlState } from '@/shared/url-state'
import { ExportMenu } from '../ExportMenu'
import { Movement, TransactionType, types } from './Movement'
import { Related } from './Related'

const TransactionDrawer = later(() => import('./TransactionDrawer'))

export default function TransactionsPage() {
  const { t } = useTranslation(['operator', 'common'])
  const [search] = useUrlState()
  const opened = useOpenRecord()
  const filters: Filter[] = [
    { kind: 'range' },
    {
      kind: 'select',
      name: 'type',
      label: t('transactions.type'),
      options: types.map((value) => ({ value, label: t(`transactions.kind.${value}`) })),
    },
  ]
  const parameters = Object.fromEntries(parametersOf(filters).map((name) => [name, search[name]]))
  return (
    <Page
      actions={
        <ExportMenu
          path="/v1/operators/me/transactions/export"
          name={t('transactions.title')}
          parameters={parameters}
        />
      }
    >
      <QueryTable
        name="operator.transactions"
        list={listTransactionsOptions}
        columns={useColumns()}
        rowKey="transaction_id"
        filters={filters}
        empty={{
          text: t('transactions.empty'),
          action: <LinkButton to="/operator/top-up">{t('topUp.title')}</LinkButton>,
        }}
      />
      {opened && <TransactionDrawer id={opened} />}
    </Page>
  )
}

function useColumns(): Column<TransactionItem>[] {
  const { t } = useTranslation(['operator', 'common'])
  return [
    { key: 'created_at', title: t('transactions.time'), kind: 'time' },
    {
      key: 'type',
      title: t('transactions.type'),
      render: ({ type }) => <TransactionType type={type} />,
    },
    {
      key: 'amount',
      title: t('transactions.amount'),
      kind: 'money',
      render: (transaction) => <Movement transaction={transaction} />,
    },
    { key: 'balance_before', title: t('transactions.before'), kind: 'money' },
    { key: 'balance_after', title: t('transactions.after'), kind: 'money' },
    {
      key: 'related',
      title: t('transactions.related'),
      render: (transaction) => <Related transaction={transaction} />,
    },
    { key: 'transaction_id', title: t('transactions.id'), kind: 'id', isHidden: true },
    {
      key: 'actions',
      title: t('common:actions'),
      render: ({ transaction_id }) => <OpenRecord id={transaction_id} />,
    },
  ]
}

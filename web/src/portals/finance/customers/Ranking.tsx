import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Flex, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { TopCustomerItem } from '@/api/generated'
import { listTopCustomersOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { DataTable, type Column } from '@/shared/DataTable'
import { FilterBar } from '@/shared/FilterBar'
import { Money } from '@/shared/Money'
import { textOf, useUrlState } from '@/shared/url-state'
import { CustomerLink } from '../parts/links'
import { CategoryTag } from '../parts/tags'
import { ShareBar } from './ShareBar'

const limits = ['10', '20', '50', '100']

/** Who spent most in a range. */
export default function Ranking() {
  const { t } = useTranslation(['finance', 'common'])
  const [search, change] = useUrlState()
  const limit = textOf(search, 'limit') ?? '10'
  const query = {
    limit: Number(limit),
    start_time: textOf(search, 'start_time'),
    end_time: textOf(search, 'end_time'),
  }
  const top = useQuery({
    ...listTopCustomersOptions({ query }),
    select: unwrap,
    placeholderData: keepPreviousData,
  })
  const toolbar = (
    <Flex gap={8} wrap align="center">
      <FilterBar filters={[{ kind: 'range' }]} />
      <Select
        value={limit}
        aria-label={t('customers.limit')}
        options={limits.map((value) => ({ value, label: t('customers.limitOf', { count: Number(value) }) }))}
        popupMatchSelectWidth={false}
        onChange={(value) => {
          change({ limit: value === '10' ? undefined : value })
        }}
      />
      {!query.start_time && <span style={{ opacity: 0.75 }}>{t('customers.defaultRange')}</span>}
      {top.data && (
        <span style={{ marginInlineStart: 'auto' }}>
          {t('customers.total')} <Money amount={top.data.total_consumption} strong />
        </span>
      )}
    </Flex>
  )
  return (
    <DataTable<TopCustomerItem>
      name="finance.customers"
      columns={useColumns()}
      rows={top.data?.customers}
      rowKey="operator_id"
      isLoading={top.isLoading}
      isFetching={top.isFetching}
      error={top.error}
      onRefresh={() => void top.refetch()}
      toolbar={toolbar}
      empty={{ text: t('customers.empty') }}
    />
  )
}

function useColumns(): Column<TopCustomerItem>[] {
  const { t } = useTranslation(['finance', 'common'])
  return [
    { key: 'rank', title: t('customers.rank'), kind: 'number', width: 70 },
    {
      key: 'operator_name',
      title: t('customers.name'),
      render: (row) => <CustomerLink id={row.operator_id} name={row.operator_name} />,
    },
    {
      key: 'category',
      title: t('customers.category'),
      render: ({ category }) => <CategoryTag category={category} />,
    },
    { key: 'total_consumption', title: t('customers.consumption'), kind: 'money' },
    {
      key: 'share',
      title: t('customers.share'),
      render: (row) => <ShareBar percent={row.consumption_percentage} />,
    },
    { key: 'total_sessions', title: t('customers.sessions'), kind: 'number' },
    { key: 'operator_id', title: t('operatorId'), kind: 'id', isHidden: true },
  ]
}

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { SiteItem } from '@/api/generated'
import { listOperatorSitesOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { DataTable } from '@/shared/DataTable'
import { FilterBar } from '@/shared/FilterBar'
import { StatusTag } from '@/shared/StatusTag'
import { textOf, useUrlState } from '@/shared/url-state'

export default function OperatorSites({ id }: { id: string }) {
  const { t } = useTranslation(['admin', 'common'])
  const [search] = useUrlState()
  const query = { include_deleted: textOf(search, 'include_deleted') === 'true' }
  const sites = useQuery({ ...listOperatorSitesOptions({ path: { id }, query }), select: unwrap })
  return (
    <DataTable<SiteItem>
      name="admin.operator.sites"
      columns={[
        { key: 'name', title: t('sites.name') },
        { key: 'address', title: t('sites.address'), kind: 'long' },
        { key: 'site_id', title: t('operators.id'), kind: 'id' },
        {
          key: 'is_deleted',
          title: t('sites.state'),
          render: ({ is_deleted: isDeleted }) => (
            <StatusTag tone={isDeleted ? 'quiet' : 'good'}>
              {t(isDeleted ? 'sites.deleted' : 'sites.active')}
            </StatusTag>
          ),
        },
        { key: 'created_at', title: t('sites.createdAt'), kind: 'time' },
      ]}
      rows={sites.data?.sites}
      rowKey="site_id"
      isLoading={sites.isLoading}
      isFetching={sites.isFetching}
      error={sites.error}
      onRefresh={() => void sites.refetch()}
      toolbar={
        <FilterBar filters={[{ kind: 'toggle', name: 'include_deleted', label: t('sites.showDeleted') }]} />
      }
      empty={{ text: t('sites.empty') }}
    />
  )
}

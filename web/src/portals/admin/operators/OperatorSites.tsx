import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { SiteItem } from '@/api/generated'
import { listOperatorSitesOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { DataTable } from '@/shared/DataTable'

export default function OperatorSites({ id }: { id: string }) {
  const { t } = useTranslation(['admin', 'common'])
  const sites = useQuery({ ...listOperatorSitesOptions({ path: { id } }), select: unwrap })
  return (
    <DataTable<SiteItem>
      name="admin.operator.sites"
      columns={[
        { key: 'name', title: t('sites.name') },
        { key: 'address', title: t('sites.address'), kind: 'long' },
        { key: 'site_id', title: t('operators.id'), kind: 'id' },
        { key: 'created_at', title: t('sites.createdAt'), kind: 'time' },
      ]}
      rows={sites.data?.sites}
      rowKey="site_id"
      isLoading={sites.isLoading}
      isFetching={sites.isFetching}
      error={sites.error}
      onRefresh={() => void sites.refetch()}
      empty={{ text: t('sites.empty') }}
    />
  )
}

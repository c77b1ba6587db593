import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { deleteSite, type SiteItem } from '@/api/generated'
import { listSitesOptions } from '@/api/generated/@tanstack/react-query.gen'
import { useAct } from '@/shared/api/act'
import { unwrap } from '@/shared/api/queries'
import { ConfirmAction } from '@/shared/ConfirmAction'
import { DataTable, type Column } from '@/shared/DataTable'
import { FilterBar, type Filter } from '@/shared/FilterBar'
import { later } from '@/shared/later'
import { LinkButton } from '@/shared/LinkButton'
import { Page } from '@/shared/Page'
import { RowActions } from '@/shared/RowActions'
import { StatusTag } from '@/shared/StatusTag'
import { textOf, useUrlState } from '@/shared/url-state'

const SiteForm = later(() => import('./SiteForm'))

export default function SitesPage() {
  const { t } = useTranslation(['operator', 'common'])
  const [search] = useUrlState()
  const [edited, setEdited] = useState<SiteItem | 'new'>()
  const query = { include_deleted: textOf(search, 'include_deleted') === 'true' }
  const sites = useQuery({ ...listSitesOptions({ query }), select: unwrap })
  const filters: Filter[] = [{ kind: 'toggle', name: 'include_deleted', label: t('sites.showDeleted') }]
  const columns: Column<SiteItem>[] = [
    { key: 'name', title: t('sites.name'), render: (site) => <strong>{site.name}</strong> },
    { key: 'address', title: t('sites.address'), kind: 'long' },
    { key: 'description', title: t('sites.description'), kind: 'long', isHidden: true },
    { key: 'site_id', title: t('sites.id'), kind: 'id' },
    { key: 'state', title: t('sites.state'), render: (site) => <SiteState site={site} /> },
    { key: 'created_at', title: t('sites.createdAt'), kind: 'time' },
    {
      key: 'actions',
      title: t('common:actions'),
      render: (site) => <SiteActions site={site} onEdit={setEdited} />,
    },
  ]
  const create = (
    <Button
      type="primary"
      icon={<PlusOutlined />}
      onClick={() => {
        setEdited('new')
      }}
    >
      {t('sites.create')}
    </Button>
  )
  return (
    <Page actions={create}>
      <DataTable<SiteItem>
        name="operator.sites"
        columns={columns}
        rows={sites.data?.sites}
        rowKey="site_id"
        isLoading={sites.isLoading}
        isFetching={sites.isFetching}
        error={sites.error}
        onRefresh={() => void sites.refetch()}
        toolbar={<FilterBar filters={filters} />}
        empty={{ text: t('sites.empty'), action: create }}
      />
      {edited && (
        <SiteForm
          site={edited === 'new' ? undefined : edited}
          onClose={() => {
            setEdited(undefined)
          }}
        />
      )}
    </Page>
  )
}

function SiteState({ site }: { site: SiteItem }) {
  const { t } = useTranslation(['operator', 'common'])
  if (site.is_deleted) return <StatusTag tone="quiet">{t('sites.deletedState')}</StatusTag>
  return <StatusTag tone="good">{t('sites.active')}</StatusTag>
}

function SiteActions({ site, onEdit }: { site: SiteItem; onEdit: (site: SiteItem) => void }) {
  const { t } = useTranslation(['operator', 'common'])
  const remove = useAct(deleteSite, { done: t('sites.deleted') })
  const search = { site_id: site.site_id } as never
  const usage = (
    <LinkButton to="/operator/usage" search={search} look="link" size="small">
      {t('sites.usage')}
    </LinkButton>
  )
  if (site.is_deleted) return <RowActions>{usage}</RowActions>
  return (
    <RowActions>
      {usage}
      <LinkButton to="/operator/setup" search={search} look="link" size="small">
        {t('sites.setUp')}
      </LinkButton>
      <Button
        type="link"
        size="small"
        onClick={() => {
          onEdit(site)
        }}
      >
        {t('common:edit')}
      </Button>
      <ConfirmAction
        label={t('sites.delete')}
        hint={t('sites.deleteHint', { name: site.name })}
        act={remove}
        request={() => ({ path: { id: site.site_id } })}
        isDangerous
        button={{ type: 'link', size: 'small', children: t('common:delete') }}
      />
    </RowActions>
  )
}

import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApplicationItem } from '@/api/generated'
import { listApplicationsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { Allowed } from '@/shared/Allowed'
import type { Column } from '@/shared/DataTable'
import type { Filter } from '@/shared/FilterBar'
import { later } from '@/shared/later'
import { Page } from '@/shared/Page'
import { QueryTable } from '@/shared/QueryTable'
import { useCan } from '@/shared/session/can'
import { AppLink } from '../fields/AppLink'
import { AppState } from './AppTags'

const AppForm = later(() => import('./AppForm'))

export default function AppsPage() {
  const { t } = useTranslation(['admin', 'common'])
  const can = useCan()
  const [isCreating, setIsCreating] = useState(false)
  const filters: Filter[] = [
    { kind: 'keyword', name: 'keyword', label: t('apps.keyword') },
    {
      kind: 'select',
      name: 'is_active',
      label: t('apps.state'),
      options: [
        { value: 'true', label: t('apps.onShelf') },
        { value: 'false', label: t('apps.offShelf') },
      ],
    },
  ]
  const create = (
    <Allowed to="can_manage_applications">
      <Button
        type="primary"
        icon={<PlusOutlined />}
        onClick={() => {
          setIsCreating(true)
        }}
      >
        {t('apps.create')}
      </Button>
    </Allowed>
  )
  const empty = can('can_manage_applications')
    ? { text: t('apps.empty'), action: create }
    : { text: t('apps.emptyReadOnly') }
  return (
    <Page actions={create}>
      <QueryTable
        name="admin.apps"
        list={listApplicationsOptions}
        columns={useColumns()}
        rowKey="app_id"
        filters={filters}
        empty={empty}
      />
      {isCreating && (
        <AppForm
          onClose={() => {
            setIsCreating(false)
          }}
        />
      )}
    </Page>
  )
}

function useColumns(): Column<ApplicationItem>[] {
  const { t } = useTranslation(['admin', 'common'])
  const can = useCan()
  const price: Column<ApplicationItem> = { key: 'unit_price', title: t('apps.price'), kind: 'money' }
  return [
    {
      key: 'app_name',
      title: t('apps.name'),
      render: (app) => <AppLink id={app.app_id} name={app.app_name} />,
    },
    // The API leaves money out for staff who may not see it.
    ...(can('can_view_financial_data') ? [price] : []),
    {
      key: 'players',
      title: t('apps.players'),
      kind: 'number',
      render: (app) => t('apps.playersRange', { min: app.min_players, max: app.max_players }),
    },
    { key: 'is_active', title: t('apps.state'), render: (app) => <AppState app={app} /> },
    { key: 'description', title: t('apps.description'), kind: 'long' },
    { key: 'app_id', title: t('apps.id'), kind: 'id' },
    { key: 'created_at', title: t('apps.createdAt'), kind: 'time' },
    { key: 'updated_at', title: t('apps.updatedAt'), kind: 'time', isHidden: true },
  ]
}

import { useTranslation } from 'react-i18next'
import type { UsageItem } from '@/api/generated'
import { listUsageRecordsOptions } from '@/api/generated/@tanstack/react-query.gen'
import type { Column } from '@/shared/DataTable'
import { parametersOf, type Filter } from '@/shared/FilterBar'
import { later } from '@/shared/later'
import { LinkButton } from '@/shared/LinkButton'
import { OpenRecord, useOpenRecord } from '@/shared/OpenRecord'
import { Page } from '@/shared/Page'
import { QueryTable } from '@/shared/QueryTable'
import { formatDuration } from '@/shared/time'
import { useUrlState } from '@/shared/url-state'
import { ExportMenu } from '../ExportMenu'
import { usePlaceFilters } from './usePlaceFilters'

const UsageDrawer = later(() => import('./UsageDrawer'))

export default function UsagePage() {
  const { t } = useTranslation(['operator', 'common'])
  const [search] = useUrlState()
  const opened = useOpenRecord()
  const filters: Filter[] = [{ kind: 'range' }, ...usePlaceFilters()]
  const parameters = Object.fromEntries(parametersOf(filters).map((name) => [name, search[name]]))
  return (
    <Page
      actions={
        <ExportMenu
          path="/v1/operators/me/usage-records/export"
          name={t('usage.title')}
          parameters={parameters}
        />
      }
    >
      <QueryTable
        name="operator.usage"
        list={listUsageRecordsOptions}
        columns={useColumns()}
        rowKey="usage_id"
        filters={filters}
        empty={{
          text: t('usage.empty'),
          action: <LinkButton to="/operator/sites">{t('sites.title')}</LinkButton>,
        }}
      />
      {opened && <UsageDrawer id={opened} />}
    </Page>
  )
}

function useColumns(): Column<UsageItem>[] {
  const { t } = useTranslation(['operator', 'common'])
  return [
    { key: 'created_at', title: t('usage.time'), kind: 'time' },
    { key: 'site_name', title: t('usage.site') },
    { key: 'app_name', title: t('usage.app') },
    { key: 'player_count', title: t('usage.players'), kind: 'number' },
    { key: 'unit_price', title: t('usage.unitPrice'), kind: 'money' },
    { key: 'total_cost', title: t('usage.cost'), kind: 'money' },
    {
      key: 'game_duration',
      title: t('usage.duration'),
      kind: 'number',
      render: ({ game_duration: seconds }) => (typeof seconds === 'number' ? formatDuration(seconds) : '—'),
    },
    { key: 'session_id', title: t('usage.session'), kind: 'id', isHidden: true },
    { key: 'usage_id', title: t('usage.id'), kind: 'id', isHidden: true },
    {
      key: 'actions',
      title: t('common:actions'),
      render: ({ usage_id }) => <OpenRecord id={usage_id} />,
    },
  ]
}

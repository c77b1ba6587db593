import { useQuery } from '@tanstack/react-query'
import { Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ApplicationItem } from '@/api/generated'
import { getApplicationOptions, listAuthorizationsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { Allowed } from '@/shared/Allowed'
import { unwrap } from '@/shared/api/queries'
import { CopyText } from '@/shared/CopyText'
import { DetailPage, useParam } from '@/shared/DetailPage'
import { Facts } from '@/shared/Facts'
import { later } from '@/shared/later'
import { Money } from '@/shared/Money'
import { Panel } from '@/shared/Panel'
import { useCan } from '@/shared/session/can'
import { Time } from '@/shared/Time'
import { AppActions } from './AppActions'
import { AppState } from './AppTags'

const AppGrants = later(() => import('./AppGrants'))
const PriceHistory = later(() => import('./PriceHistory'))

export default function AppPage() {
  const { t } = useTranslation(['admin', 'common'])
  const can = useCan()
  const id = useParam('id')
  const query = useQuery({ ...getApplicationOptions({ path: { id } }), select: unwrap })
  return (
    <DetailPage
      query={query}
      title={(app) => app.app_name}
      tags={(app) => <AppState app={app} />}
      actions={(app) => <AppActions app={app} />}
      tabs={(app) => [
        {
          key: 'overview',
          label: t(can('can_view_financial_data') ? 'apps.tabs.overview' : 'apps.tabs.overviewOnly'),
          children: <Overview app={app} />,
        },
        { key: 'grants', label: t('apps.tabs.grants'), children: <AppGrants id={id} /> },
      ]}
    />
  )
}

function Overview({ app }: { app: ApplicationItem }) {
  const { t } = useTranslation(['admin', 'common'])
  const can = useCan()
  const query = { app_id: app.app_id, status: 'active' as const, page_size: 1 }
  const grants = useQuery(listAuthorizationsOptions({ query }))
  const price = { label: t('apps.price'), value: <Money amount={app.unit_price} strong /> }
  return (
    <Flex vertical gap={16}>
      <Panel>
        <Facts
          items={[
            ...(can('can_view_financial_data') ? [price] : []),
            {
              label: t('apps.players'),
              value: t('apps.playersRange', { min: app.min_players, max: app.max_players }),
            },
            { label: t('apps.grants'), value: grants.data?.total.toLocaleString('en-US') ?? '…' },
            { label: t('apps.id'), value: <CopyText text={app.app_id} short /> },
            { label: t('apps.createdAt'), value: <Time at={app.created_at} /> },
            { label: t('apps.updatedAt'), value: <Time at={app.updated_at} /> },
            { label: t('apps.description'), value: app.description || '—', isWide: true },
          ]}
        />
      </Panel>
      <Allowed to="can_view_financial_data">
        <PriceHistory id={app.app_id} />
      </Allowed>
    </Flex>
  )
}

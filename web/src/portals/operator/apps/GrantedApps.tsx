import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { Flex } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuthorizedAppItem } from '@/api/generated'
import { listAuthorizedAppsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { DataTable, type Column } from '@/shared/DataTable'
import { LinkButton } from '@/shared/LinkButton'
import { StatusTag } from '@/shared/StatusTag'
import { Time } from '@/shared/Time'

/** As the notices before a grant expires: 7 days. */
const soonMs = 7 * 86_400_000

export default function GrantedApps() {
  const { t } = useTranslation(['operator', 'common'])
  const apps = useQuery({ ...listAuthorizedAppsOptions(), select: unwrap })
  const columns: Column<AuthorizedAppItem>[] = [
    { key: 'app_name', title: t('apps.name'), render: (app) => <strong>{app.app_name}</strong> },
    { key: 'unit_price', title: t('apps.unitPrice'), kind: 'money' },
    {
      key: 'players',
      title: t('apps.players'),
      render: (app) => t('apps.playersRange', { min: app.min_players, max: app.max_players }),
    },
    { key: 'expires_at', title: t('apps.expiresAt'), render: (app) => <Expiry at={app.expires_at} /> },
    { key: 'authorized_at', title: t('apps.authorizedAt'), kind: 'time' },
    { key: 'app_id', title: t('apps.id'), kind: 'id' },
    {
      key: 'actions',
      title: t('common:actions'),
      render: (app) => (
        <Flex gap={12}>
          <Link to="/operator/setup" search={{ app_id: app.app_id } as never}>
            {t('apps.setUp')}
          </Link>
          <Link to="/operator/usage" search={{ app_id: app.app_id } as never}>
            {t('apps.usage')}
          </Link>
        </Flex>
      ),
    },
  ]
  return (
    <DataTable<AuthorizedAppItem>
      name="operator.granted"
      columns={columns}
      rows={apps.data?.applications}
      rowKey="app_id"
      isLoading={apps.isLoading}
      isFetching={apps.isFetching}
      error={apps.error}
      onRefresh={() => void apps.refetch()}
      toolbar={<span style={{ lineHeight: '32px' }}>{t('apps.grantedHint')}</span>}
      empty={{
        text: t('apps.grantedEmpty'),
        action: (
          <LinkButton to="/operator/apps" look="primary">
            {t('apps.toCatalogue')}
          </LinkButton>
        ),
      }}
    />
  )
}

function Expiry({ at }: { at: string | null | undefined }) {
  const { t } = useTranslation(['operator', 'common'])
  const [now] = useState(Date.now)
  if (!at) return <span>{t('apps.forever')}</span>
  const left = new Date(at).getTime() - now
  return (
    <Flex gap={8} align="center">
      <Time at={at} />
      {left <= 0 && <StatusTag tone="bad">{t('apps.state.expired')}</StatusTag>}
      {left > 0 && left < soonMs && <StatusTag tone="waiting">{t('apps.soon')}</StatusTag>}
    </Flex>
  )
}

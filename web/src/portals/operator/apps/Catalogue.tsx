import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CatalogItem } from '@/api/generated'
import { listAppCatalogOptions } from '@/api/generated/@tanstack/react-query.gen'
import type { Column } from '@/shared/DataTable'
import { later } from '@/shared/later'
import { QueryTable } from '@/shared/QueryTable'
import { RowActions } from '@/shared/RowActions'
import { StatusTag, type Tone } from '@/shared/StatusTag'

const AskForApp = later(() => import('./AskForApp'))

const tones: Record<CatalogItem['authorization'], Tone> = {
  none: 'quiet',
  pending: 'waiting',
  granted: 'good',
  expired: 'bad',
}

export function Catalogue() {
  const { t } = useTranslation(['operator', 'common'])
  const [asked, setAsked] = useState<CatalogItem>()
  const columns: Column<CatalogItem>[] = [
    { key: 'app_name', title: t('apps.name'), render: (app) => <strong>{app.app_name}</strong> },
    { key: 'description', title: t('apps.description'), kind: 'long' },
    { key: 'unit_price', title: t('apps.unitPrice'), kind: 'money' },
    {
      key: 'players',
      title: t('apps.players'),
      render: (app) => t('apps.playersRange', { min: app.min_players, max: app.max_players }),
    },
    {
      key: 'authorization',
      title: t('apps.authorization'),
      render: ({ authorization }) => (
        <StatusTag tone={tones[authorization]}>{t(`apps.state.${authorization}`)}</StatusTag>
      ),
    },
    { key: 'app_id', title: t('apps.id'), kind: 'id', isHidden: true },
    {
      key: 'actions',
      title: t('common:actions'),
      render: (app) => <CatalogueAction app={app} onAsk={setAsked} />,
    },
  ]
  return (
    <>
      <QueryTable
        name="operator.catalogue"
        list={listAppCatalogOptions}
        columns={columns}
        rowKey="app_id"
        filters={[{ kind: 'keyword', name: 'keyword', label: t('apps.keyword') }]}
        empty={{ text: t('apps.catalogueEmpty') }}
      />
      {asked && (
        <AskForApp
          app={asked}
          onClose={() => {
            setAsked(undefined)
          }}
        />
      )}
    </>
  )
}

/** What comes next for the application, which depends on what was asked and granted before. */
function CatalogueAction({ app, onAsk }: { app: CatalogItem; onAsk: (app: CatalogItem) => void }) {
  const { t } = useTranslation(['operator', 'common'])
  if (app.authorization === 'pending') {
    return (
      <Link to="/operator/apps" search={{ tab: 'requests', status: 'pending' } as never}>
        {t('apps.seeRequest')}
      </Link>
    )
  }
  if (app.authorization === 'granted') {
    return (
      <Link to="/operator/setup" search={{ app_id: app.app_id } as never}>
        {t('apps.setUp')}
      </Link>
    )
  }
  return (
    <RowActions>
      <Button
        type="link"
        size="small"
        onClick={() => {
          onAsk(app)
        }}
      >
        {t(app.authorization === 'expired' ? 'apps.askAgain' : 'apps.ask')}
      </Button>
    </RowActions>
  )
}

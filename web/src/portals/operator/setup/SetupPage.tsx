import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  getProfileOptions,
  listAuthorizedAppsOptions,
  listSitesOptions,
} from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { later } from '@/shared/later'
import { Page } from '@/shared/Page'
import { ProblemView } from '@/shared/ProblemView'
import { textOf, useUrlState } from '@/shared/url-state'
import { AppStep, SiteStep } from './Choices'
import { FirstGame } from './FirstGame'
import { KeyStep } from './KeyStep'
import { Waiting } from './Step'

const Commands = later(() => import('./Commands'))
const Troubles = later(() => import('./Troubles'))

/** From nothing to the first authorized game, step by step; what was chosen stands in the address. */
export default function SetupPage() {
  const { t } = useTranslation(['operator', 'common'])
  const [search, change] = useUrlState()
  const [apiKey, setApiKey] = useState('')
  const profile = useQuery({ ...getProfileOptions(), select: unwrap })
  const sites = useQuery({ ...listSitesOptions(), select: unwrap })
  const apps = useQuery({ ...listAuthorizedAppsOptions(), select: unwrap })
  const failed = [profile, sites, apps].find((query) => query.error)
  if (failed) {
    return (
      <Page>
        <ProblemView error={failed.error} onRetry={() => void failed.refetch()} />
      </Page>
    )
  }
  if (!profile.data || !sites.data || !apps.data) {
    return (
      <Page>
        <Waiting />
      </Page>
    )
  }
  const site =
    sites.data.sites.find(({ site_id }) => site_id === textOf(search, 'site_id')) ?? sites.data.sites[0]
  const { applications } = apps.data
  const app = applications.find(({ app_id }) => app_id === textOf(search, 'app_id')) ?? applications[0]
  return (
    <Page>
      <p style={{ margin: 0, maxWidth: 760 }}>{t('setup.intro')}</p>
      <SiteStep
        sites={sites.data.sites}
        site={site}
        onChoose={(site_id) => {
          change({ site_id })
        }}
      />
      <AppStep
        apps={applications}
        app={app}
        balance={profile.data.balance}
        onChoose={(app_id) => {
          change({ app_id })
        }}
      />
      <KeyStep apiKey={apiKey} onKey={setApiKey} />
      <Commands operatorId={profile.data.operator_id} site={site} app={app} apiKey={apiKey} />
      <FirstGame site={site} />
      <Troubles />
    </Page>
  )
}

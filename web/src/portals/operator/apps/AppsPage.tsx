import { useTranslation } from 'react-i18next'
import { UrlTabs } from '@/shared/DetailPage'
import { later } from '@/shared/later'
import { LinkButton } from '@/shared/LinkButton'
import { Page } from '@/shared/Page'
import { Catalogue } from './Catalogue'

const GrantedApps = later(() => import('./GrantedApps'))
const AppRequests = later(() => import('./AppRequests'))

/** What there is to play, what may be played, and what was asked for. */
export default function AppsPage() {
  const { t } = useTranslation(['operator', 'common'])
  return (
    <Page actions={<LinkButton to="/operator/setup">{t('setup.title')}</LinkButton>}>
      <UrlTabs
        items={[
          { key: 'catalogue', label: t('apps.tabs.catalogue'), children: <Catalogue /> },
          { key: 'granted', label: t('apps.tabs.granted'), children: <GrantedApps /> },
          { key: 'requests', label: t('apps.tabs.requests'), children: <AppRequests /> },
        ]}
      />
    </Page>
  )
}

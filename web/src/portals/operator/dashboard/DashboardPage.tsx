import { PlusOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { LinkButton } from '@/shared/LinkButton'
import { Page } from '@/shared/Page'
import { Figures } from './Figures'
import { LowNotice } from './LowNotice'
import { SitesNow } from './SitesNow'
import { Trend } from './Trend'
import { Unread } from './Unread'

/** What an operator wants to know on coming in: money, today, what is being played, and what needs doing. */
export default function DashboardPage() {
  const { t } = useTranslation(['operator', 'common'])
  return (
    <Page
      actions={
        <LinkButton to="/operator/top-up" look="primary" icon={<PlusOutlined />}>
          {t('topUp.title')}
        </LinkButton>
      }
    >
      <LowNotice />
      <Figures />
      <div
        style={{
          display: 'grid',
          gap: 16,
          gridTemplateColumns: 'repeat(auto-fit, minmax(min(400px, 100%), 1fr))',
        }}
      >
        <Trend />
        <SitesNow />
      </div>
      <Unread />
    </Page>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Alert, Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'
import { listSettingsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { later } from '@/shared/later'
import { Page } from '@/shared/Page'
import { Panel } from '@/shared/Panel'
import { ProblemView } from '@/shared/ProblemView'
import { useCan } from '@/shared/session/can'
import { SettingRow } from './SettingRow'
import { SettingGroups } from './SettingGroups'
import { SettingValue } from './SettingValue'

const SettingsForm = later(() => import('./SettingsForm'))

export default function SettingsPage() {
  const { t } = useTranslation(['admin', 'common'])
  const can = useCan()
  const query = useQuery({ ...listSettingsOptions(), select: unwrap })
  const isEditor = can('can_manage_system_config')
  const settings = query.data?.settings
  // Fields begin anew when somebody else has changed something, so that nobody writes over it unseen.
  const version = settings?.map((setting) => setting.updated_at).join()
  return (
    <Page>
      <Alert type="info" showIcon title={t(isEditor ? 'settings.effect' : 'settings.readOnly')} />
      {query.error && !settings && <ProblemView error={query.error} onRetry={() => void query.refetch()} />}
      {query.isLoading && (
        <Panel isBusy>
          <Skeleton active paragraph={{ rows: 10 }} />
        </Panel>
      )}
      {settings && isEditor && <SettingsForm key={version} settings={settings} />}
      {settings && !isEditor && (
        <SettingGroups
          settings={settings}
          row={(setting) => (
            <SettingRow key={setting.key} setting={setting}>
              <SettingValue value={setting.value} type={setting.value_type} />
            </SettingRow>
          )}
        />
      )}
    </Page>
  )
}

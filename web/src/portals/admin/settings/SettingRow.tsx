import { theme } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SettingItem } from '@/api/generated'
import { Time } from '@/shared/Time'
import { settingName } from './names'
import { SettingValue } from './SettingValue'

/** What the setting is about on the left, what it is set to on the right, and what it would be by default. */
export function SettingRow({
  setting,
  fieldId,
  children,
}: {
  setting: SettingItem
  /** The field that the words belong to. */
  fieldId?: string
  children: ReactNode
}) {
  const { t } = useTranslation(['admin', 'common'])
  const { token } = theme.useToken()
  const quiet = { color: token.colorTextDescription, fontSize: 13 }
  return (
    <div
      style={{
        display: 'grid',
        gridTemplateColumns: 'repeat(auto-fit, minmax(min(280px, 100%), 1fr))',
        gap: '4px 24px',
        alignItems: 'start',
      }}
    >
      <div style={{ minWidth: 0 }}>
        <label htmlFor={fieldId}>{settingName(setting)}</label>
        <div className="code" style={{ ...quiet, overflowWrap: 'anywhere' }}>
          {setting.key}
        </div>
      </div>
      <div style={{ minWidth: 0 }}>
        {children}
        <div style={quiet}>
          {t('settings.default', { value: '' })}
          <SettingValue value={setting.default} type={setting.value_type} />
          {setting.updated_by && (
            <>
              {' · '}
              {t('settings.updated', { by: setting.updated_by })} <Time at={setting.updated_at} />
            </>
          )}
        </div>
      </div>
    </div>
  )
}

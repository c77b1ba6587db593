import { theme } from 'antd'
import { useTranslation } from 'react-i18next'
import { fromField, type Change } from './model'
import { SettingValue } from './SettingValue'

/** Old and new, side by side. */
export function ChangeList({ changes }: { changes: Change[] }) {
  const { t } = useTranslation(['admin', 'common'])
  const { token } = theme.useToken()
  const cell = {
    padding: '6px 12px 6px 0',
    borderBlockEnd: `1px solid ${token.colorBorderSecondary}`,
    textAlign: 'start' as const,
    verticalAlign: 'top' as const,
    overflowWrap: 'anywhere' as const,
  }
  const head = { ...cell, color: token.colorTextDescription, fontWeight: 400 }
  return (
    <table style={{ width: '100%', borderCollapse: 'collapse' }}>
      <thead>
        <tr>
          <th style={head}>{t('settings.setting')}</th>
          <th style={head}>{t('settings.before')}</th>
          <th style={head}>{t('settings.after')}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ setting, after }) => (
          <tr key={setting.key}>
            <th scope="row" style={{ ...cell, fontWeight: 400 }}>
              {setting.description}
            </th>
            <td style={cell}>
              <SettingValue value={setting.value} type={setting.value_type} />
            </td>
            <td style={{ ...cell, fontWeight: 600 }}>
              <SettingValue value={fromField(after, setting.value_type)} type={setting.value_type} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

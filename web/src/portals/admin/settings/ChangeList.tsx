import { useTranslation } from 'react-i18next'
import { useCells } from '../parts/cells'
import { fromField, type Change } from './model'
import { settingName } from './names'
import { SettingValue } from './SettingValue'

/** Old and new, side by side. */
export function ChangeList({ changes }: { changes: Change[] }) {
  const { t } = useTranslation(['admin', 'common'])
  const { cell, quiet } = useCells()
  return (
    <table style={{ width: '100%', borderCollapse: 'collapse' }}>
      <thead>
        <tr>
          <th style={quiet}>{t('settings.setting')}</th>
          <th style={quiet}>{t('settings.before')}</th>
          <th style={quiet}>{t('settings.after')}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ setting, after }) => (
          <tr key={setting.key}>
            <th scope="row" style={{ ...cell, fontWeight: 400 }}>
              {settingName(setting)}
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

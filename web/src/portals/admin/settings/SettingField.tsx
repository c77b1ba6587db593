import { Form, Input, InputNumber, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import type { SettingItem } from '@/api/generated'
import { MoneyInput } from '@/shared/MoneyInput'
import { SettingRow } from './SettingRow'

/** A setting with the input that its type asks for. The server says which values it takes. */
export function SettingField({ setting }: { setting: SettingItem }) {
  const { t } = useTranslation(['admin', 'common'])
  const isText = setting.value_type === 'string'
  const message = t('settings.required')
  return (
    <SettingRow setting={setting} fieldId={setting.key}>
      <Form.Item
        name={setting.key}
        valuePropName={setting.value_type === 'boolean' ? 'checked' : 'value'}
        style={{ marginBlockEnd: 4 }}
        rules={[
          ...(isText ? [] : [{ required: true, message }]),
          ...(setting.value_type === 'json' ? [{ validator: isJson(t('settings.json')) }] : []),
        ]}
      >
        <Control setting={setting} />
      </Form.Item>
    </SettingRow>
  )
}

/** The form gives it its value, and whatever else an input needs. */
function Control({ setting, ...field }: { setting: SettingItem; id?: string }) {
  const shared = { ...field, id: setting.key, disabled: !setting.is_editable }
  switch (setting.value_type) {
    case 'boolean':
      return <Switch {...shared} />
    case 'integer':
      return <InputNumber {...shared} precision={0} style={{ width: 200 }} />
    case 'decimal':
      return <MoneyInput {...shared} min="0" max="99999999.99" style={{ width: 200 }} />
    case 'json':
      return <Input.TextArea {...shared} autoSize={{ minRows: 2, maxRows: 12 }} className="code" />
    default:
      return <Input {...shared} />
  }
}

function isJson(message: string) {
  return (_: unknown, value: unknown) => {
    try {
      JSON.parse(String(value))
      return Promise.resolve()
    } catch {
      return Promise.reject(new Error(message))
    }
  }
}

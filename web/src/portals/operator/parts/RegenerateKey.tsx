import { Alert, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { regenerateApiKey } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import { useRules } from '@/shared/rules'

interface RegenerateKeyProps {
  onClose: () => void
  /** Gets the new key, which nobody can read again. */
  onKey: (key: string) => void
}

/** Makes a new API key; the old one is dead at once, so the password is asked. */
export default function RegenerateKey({ onClose, onKey }: RegenerateKeyProps) {
  const { t } = useTranslation(['operator', 'common'])
  const rules = useRules()
  const regenerate = useAct(regenerateApiKey, { done: t('apiKey.done') })
  return (
    <FormModal
      title={t('apiKey.regenerate')}
      submitLabel={t('apiKey.regenerate')}
      isDangerous
      act={regenerate}
      request={(body: { password: string }) => ({ body })}
      onClose={onClose}
      onDone={({ api_key }) => {
        onKey(api_key)
      }}
    >
      <Alert type="warning" showIcon title={t('apiKey.warning')} style={{ marginBlockEnd: 16 }} />
      <Form.Item name="password" label={t('apiKey.password')} rules={[rules.required(t('apiKey.password'))]}>
        <Input.Password autoFocus autoComplete="current-password" />
      </Form.Item>
    </FormModal>
  )
}

import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { updateProfile, type ProfileAnswer } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import { useRules } from '@/shared/rules'

interface Values {
  name: string
  phone: string
  email: string
}

export default function EditProfile({ profile, onClose }: { profile: ProfileAnswer; onClose: () => void }) {
  const { t } = useTranslation(['operator', 'common'])
  const rules = useRules()
  const update = useAct(updateProfile, { done: t('profile.saved') })
  const { name, phone, email } = profile
  return (
    <FormModal
      title={t('profile.edit')}
      act={update}
      request={(body: Values) => ({ body })}
      initialValues={{ name, phone, email }}
      onClose={onClose}
    >
      <Form.Item name="name" label={t('profile.name')} rules={rules.length(t('profile.name'), 2, 50)}>
        <Input autoFocus autoComplete="organization" />
      </Form.Item>
      <Form.Item
        name="phone"
        label={t('profile.phone')}
        rules={[rules.required(t('profile.phone')), rules.phone]}
      >
        <Input autoComplete="tel" inputMode="tel" />
      </Form.Item>
      <Form.Item
        name="email"
        label={t('profile.email')}
        extra={t('profile.emailHint')}
        rules={[rules.required(t('profile.email')), rules.email]}
      >
        <Input autoComplete="email" />
      </Form.Item>
    </FormModal>
  )
}

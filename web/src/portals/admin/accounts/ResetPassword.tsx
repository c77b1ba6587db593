import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { resetAccountPassword, type AccountItem, type ResetPasswordRequest } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import { useRules } from '@/shared/rules'

export default function ResetPassword({ account, onClose }: { account: AccountItem; onClose: () => void }) {
  const { t } = useTranslation(['admin', 'common'])
  const rules = useRules()
  const reset = useAct(resetAccountPassword, { done: t('accounts.passwordDone') })
  return (
    <FormModal
      title={t('accounts.resetPassword')}
      submitLabel={t('accounts.resetPassword')}
      act={reset}
      request={(body: ResetPasswordRequest) => ({ path: { id: account.account_id }, body })}
      onClose={onClose}
    >
      <p style={{ margin: '0 0 16px' }}>{t('accounts.resetPasswordHint', { name: account.name })}</p>
      <Form.Item
        name="new_password"
        label={t('accounts.newPassword')}
        extra={t('common:register.passwordHint')}
        rules={[rules.required(t('accounts.newPassword')), rules.password]}
      >
        <Input.Password autoFocus autoComplete="new-password" />
      </Form.Item>
    </FormModal>
  )
}

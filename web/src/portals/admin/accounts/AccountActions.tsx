import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { updateAccount, type AccountItem } from '@/api/generated'
import { ActButton } from '@/shared/ActButton'
import { useAct } from '@/shared/api/act'
import { ConfirmAction } from '@/shared/ConfirmAction'
import { later } from '@/shared/later'
import { RowActions } from '@/shared/RowActions'
import { useSession } from '@/shared/session/session'

const ResetPassword = later(() => import('./ResetPassword'))

interface Props {
  account: AccountItem
  onEdit: (account: AccountItem) => void
}

/** Only a super admin touches super admins: others would rise above themselves. */
export function AccountActions({ account, onEdit }: Props) {
  const { t } = useTranslation(['admin', 'common'])
  const session = useSession()
  const [isResetting, setIsResetting] = useState(false)
  if (account.role === 'super_admin' && session?.staffRole !== 'super_admin') return null
  return (
    <RowActions>
      <Button
        type="link"
        size="small"
        onClick={() => {
          onEdit(account)
        }}
      >
        {t('common:edit')}
      </Button>
      <Button
        type="link"
        size="small"
        onClick={() => {
          setIsResetting(true)
        }}
      >
        {t('accounts.resetPassword')}
      </Button>
      <Activity account={account} isMine={account.account_id === session?.accountId} />
      {isResetting && (
        <ResetPassword
          account={account}
          onClose={() => {
            setIsResetting(false)
          }}
        />
      )}
    </RowActions>
  )
}

/** Nobody locks themselves out here; that is another administrator's decision. */
function Activity({ account, isMine }: { account: AccountItem; isMine: boolean }) {
  const { t } = useTranslation(['admin', 'common'])
  const deactivate = useAct(updateAccount, { done: t('accounts.deactivateDone') })
  const activate = useAct(updateAccount, { done: t('accounts.activateDone') })
  const path = { id: account.account_id }
  const button = { type: 'link', size: 'small' } as const
  if (!account.is_active) {
    return (
      <ActButton {...button} act={activate} request={{ path, body: { is_active: true } }}>
        {t('accounts.activate')}
      </ActButton>
    )
  }
  if (isMine) return null
  return (
    <ConfirmAction
      label={t('accounts.deactivateTitle')}
      hint={t('accounts.deactivateHint', { name: account.name })}
      act={deactivate}
      request={() => ({ path, body: { is_active: false } })}
      isDangerous
      button={{ ...button, children: t('accounts.deactivate') }}
    />
  )
}

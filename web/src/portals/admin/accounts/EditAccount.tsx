import { useTranslation } from 'react-i18next'
import { updateAccount, type AccountItem, type UpdateAccountRequest } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import { PersonFields } from './PersonFields'
import { RoleFields } from './RoleFields'

export default function EditAccount({ account, onClose }: { account: AccountItem; onClose: () => void }) {
  const { t } = useTranslation(['admin', 'common'])
  const update = useAct(updateAccount, { done: t('accounts.saved') })
  return (
    <FormModal
      title={`${t('accounts.edit')} · ${account.username}`}
      act={update}
      request={(body: UpdateAccountRequest) => ({ path: { id: account.account_id }, body })}
      initialValues={account as Partial<UpdateAccountRequest>}
      onClose={onClose}
    >
      <PersonFields />
      <RoleFields kind={account.kind} />
    </FormModal>
  )
}

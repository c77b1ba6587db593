import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { revokeAuthorization, type AuthorizationItem } from '@/api/generated'
import { Allowed } from '@/shared/Allowed'
import { useAct } from '@/shared/api/act'
import { ConfirmAction } from '@/shared/ConfirmAction'
import { later } from '@/shared/later'
import { RowActions } from '@/shared/RowActions'

const ChangeExpiry = later(() => import('./ChangeExpiry'))

export function GrantActions({ grant }: { grant: AuthorizationItem }) {
  const { t } = useTranslation(['admin', 'common'])
  const [isChanging, setIsChanging] = useState(false)
  const revoke = useAct(revokeAuthorization, { done: t('grants.revokeDone') })
  return (
    <Allowed to="can_authorize_applications">
      <RowActions>
        <Button
          type="link"
          size="small"
          onClick={() => {
            setIsChanging(true)
          }}
        >
          {t('grants.changeExpiry')}
        </Button>
        <ConfirmAction
          label={t('grants.revoke')}
          hint={t('grants.revokeHint', { operator: grant.operator_name, app: grant.app_name })}
          act={revoke}
          request={(body) => ({ path: { id: grant.authorization_id }, body })}
          reason={{ min: 0, max: 200 }}
          isDangerous
          button={{ type: 'link', size: 'small', children: t('grants.revokeShort') }}
        />
      </RowActions>
      {isChanging && (
        <ChangeExpiry
          grant={grant}
          onClose={() => {
            setIsChanging(false)
          }}
        />
      )}
    </Allowed>
  )
}

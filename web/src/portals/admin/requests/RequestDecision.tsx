import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { rejectAppRequest, type OperatorAppRequestItem } from '@/api/generated'
import { Allowed } from '@/shared/Allowed'
import { useAct } from '@/shared/api/act'
import { ConfirmAction } from '@/shared/ConfirmAction'
import { later } from '@/shared/later'
import { RowActions } from '@/shared/RowActions'

const ApproveRequest = later(() => import('./ApproveRequest'))

/** Approves or rejects a request that waits. */
export function RequestDecision({ request }: { request: OperatorAppRequestItem }) {
  const { t } = useTranslation(['admin', 'common'])
  const [isApproving, setIsApproving] = useState(false)
  const reject = useAct(rejectAppRequest, { done: t('requests.rejectDone') })
  const names = { operator: request.operator_name, app: request.app_name }
  return (
    <Allowed to="can_authorize_applications">
      <RowActions>
        <Button
          type="link"
          size="small"
          onClick={() => {
            setIsApproving(true)
          }}
        >
          {t('requests.approve')}
        </Button>
        <ConfirmAction
          label={t('requests.rejectTitle')}
          hint={t('requests.rejectHint', names)}
          act={reject}
          request={(body) => ({ path: { id: request.request_id }, body })}
          reason={{ min: 10, max: 200 }}
          isDangerous
          button={{ type: 'link', size: 'small', children: t('requests.reject') }}
        />
      </RowActions>
      {isApproving && (
        <ApproveRequest
          request={request}
          onClose={() => {
            setIsApproving(false)
          }}
        />
      )}
    </Allowed>
  )
}

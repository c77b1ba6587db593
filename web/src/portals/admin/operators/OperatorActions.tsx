import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { lockOperator, unlockOperator, type OperatorDetails } from '@/api/generated'
import { Allowed } from '@/shared/Allowed'
import { useAct } from '@/shared/api/act'
import { ConfirmAction } from '@/shared/ConfirmAction'
import { later } from '@/shared/later'

const ChangeCategory = later(() => import('./ChangeCategory'))
const EditContact = later(() => import('./EditContact'))

interface Props {
  operator: OperatorDetails
}

export function OperatorActions({ operator }: Props) {
  const { t } = useTranslation(['admin', 'common'])
  const [open, setOpen] = useState<'contact' | 'category'>()
  const close = () => {
    setOpen(undefined)
  }
  return (
    <Allowed to="can_manage_operators">
      <Button
        onClick={() => {
          setOpen('contact')
        }}
      >
        {t('operators.edit')}
      </Button>
      <Button
        onClick={() => {
          setOpen('category')
        }}
      >
        {t('operators.changeCategory')}
      </Button>
      {operator.is_locked ? <Unlock operator={operator} /> : <Lock operator={operator} />}
      {open === 'contact' && <EditContact operator={operator} onClose={close} />}
      {open === 'category' && <ChangeCategory operator={operator} onClose={close} />}
    </Allowed>
  )
}

function Lock({ operator }: Props) {
  const { t } = useTranslation(['admin', 'common'])
  const lock = useAct(lockOperator, { done: t('operators.lockDone') })
  return (
    <ConfirmAction
      label={t('operators.lock')}
      hint={t('operators.lockHint', { name: operator.name })}
      act={lock}
      request={(body) => ({ path: { id: operator.operator_id }, body })}
      reason={{ min: 2, max: 200 }}
      isDangerous
    />
  )
}

function Unlock({ operator }: Props) {
  const { t } = useTranslation(['admin', 'common'])
  const unlock = useAct(unlockOperator, { done: t('operators.unlockDone') })
  return (
    <ConfirmAction
      label={t('operators.unlock')}
      hint={t('operators.unlockHint', { name: operator.name })}
      act={unlock}
      request={(body) => ({ path: { id: operator.operator_id }, body })}
      reason={{ min: 2, max: 200 }}
      button={{ type: 'primary' }}
    />
  )
}

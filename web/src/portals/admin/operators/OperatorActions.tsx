import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  changeOperatorCategory,
  lockOperator,
  unlockOperator,
  updateOperator,
  type ChangeCategoryRequest,
  type OperatorDetails,
  type UpdateContact,
} from '@/api/generated'
import { Allowed } from '@/shared/Allowed'
import { useAct } from '@/shared/api/act'
import { ConfirmAction } from '@/shared/ConfirmAction'
import { FormModal } from '@/shared/FormModal'
import { useRules } from '@/shared/rules'
import { CategorySelect, ContactFields } from './CreateOperator'

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

function EditContact({ operator, onClose }: Props & { onClose: () => void }) {
  const { t } = useTranslation(['admin', 'common'])
  const rules = useRules()
  const update = useAct(updateOperator, { done: t('operators.saved') })
  return (
    <FormModal
      title={t('operators.edit')}
      act={update}
      request={(body: UpdateContact) => ({ path: { id: operator.operator_id }, body })}
      initialValues={operator}
      onClose={onClose}
    >
      <Form.Item name="name" label={t('operators.name')} rules={rules.length(t('operators.name'), 2, 50)}>
        <Input autoFocus />
      </Form.Item>
      <ContactFields />
    </FormModal>
  )
}

function ChangeCategory({ operator, onClose }: Props & { onClose: () => void }) {
  const { t } = useTranslation(['admin', 'common'])
  const rules = useRules()
  const change = useAct(changeOperatorCategory, { done: t('operators.categoryDone') })
  return (
    <FormModal
      title={t('operators.changeCategory')}
      act={change}
      request={(body: ChangeCategoryRequest) => ({ path: { id: operator.operator_id }, body })}
      initialValues={{ category: operator.category as ChangeCategoryRequest['category'] }}
      onClose={onClose}
    >
      <Form.Item name="category" label={t('operators.newCategory')}>
        <CategorySelect />
      </Form.Item>
      <Form.Item
        name="reason"
        label={`${t('common:reason')} (${t('common:optional')})`}
        rules={rules.length(t('common:reason'), 0, 200)}
      >
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={200} showCount />
      </Form.Item>
    </FormModal>
  )
}

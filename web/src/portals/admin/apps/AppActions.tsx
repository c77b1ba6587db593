import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { updateApplication, type ApplicationItem } from '@/api/generated'
import { Allowed } from '@/shared/Allowed'
import { useAct } from '@/shared/api/act'
import { ConfirmAction } from '@/shared/ConfirmAction'
import { later } from '@/shared/later'

const AppForm = later(() => import('./AppForm'))
const ChangePrice = later(() => import('./ChangePrice'))

export function AppActions({ app }: { app: ApplicationItem }) {
  const { t } = useTranslation(['admin', 'common'])
  const [open, setOpen] = useState<'form' | 'price'>()
  const close = () => {
    setOpen(undefined)
  }
  return (
    <Allowed to="can_manage_applications">
      <Button
        onClick={() => {
          setOpen('form')
        }}
      >
        {t('apps.edit')}
      </Button>
      <Shelf app={app} />
      <Button
        type="primary"
        onClick={() => {
          setOpen('price')
        }}
      >
        {t('price.change')}
      </Button>
      {open === 'form' && <AppForm app={app} onClose={close} />}
      {open === 'price' && <ChangePrice app={app} onClose={close} />}
    </Allowed>
  )
}

/** Takes the app off the shelf or puts it there. */
function Shelf({ app }: { app: ApplicationItem }) {
  const { t } = useTranslation(['admin', 'common'])
  const takeOff = useAct(updateApplication, { done: t('apps.takeOffDone') })
  const putOn = useAct(updateApplication, { done: t('apps.putOnDone') })
  const path = { id: app.app_id }
  if (app.is_active) {
    return (
      <ConfirmAction
        label={t('apps.takeOff')}
        hint={t('apps.takeOffHint', { name: app.app_name })}
        act={takeOff}
        request={() => ({ path, body: { is_active: false } })}
        isDangerous
      />
    )
  }
  return (
    <ConfirmAction
      label={t('apps.putOn')}
      hint={t('apps.putOnHint', { name: app.app_name })}
      act={putOn}
      request={() => ({ path, body: { is_active: true } })}
    />
  )
}

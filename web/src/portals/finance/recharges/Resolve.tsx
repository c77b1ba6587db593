import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FinanceRecharge } from '@/api/generated'
import { later } from '@/shared/later'

const ResolveForm = later(() => import('./ResolveForm'))

export function Resolve({ order }: { order: FinanceRecharge }) {
  const { t } = useTranslation(['finance', 'common'])
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <Button
        type="primary"
        onClick={() => {
          setIsOpen(true)
        }}
      >
        {t('recharges.resolve')}
      </Button>
      {isOpen && (
        <ResolveForm
          order={order}
          onClose={() => {
            setIsOpen(false)
          }}
        />
      )}
    </>
  )
}

import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Allowed } from '@/shared/Allowed'
import { later } from '@/shared/later'

const GrantForm = later(() => import('./GrantForm'))

/** The button that opens the form, wherever grants are listed. */
export function CreateGrant(props: { operatorId?: string; appId?: string }) {
  const { t } = useTranslation(['admin', 'common'])
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Allowed to="can_authorize_applications">
      <Button
        type="primary"
        icon={<PlusOutlined />}
        onClick={() => {
          setIsOpen(true)
        }}
      >
        {t('grants.create')}
      </Button>
      {isOpen && (
        <GrantForm
          {...props}
          onClose={() => {
            setIsOpen(false)
          }}
        />
      )}
    </Allowed>
  )
}

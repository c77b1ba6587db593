import { Drawer } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { LanguageSwitch } from './LanguageSwitch'

interface PhoneMenuProps {
  isOpen: boolean
  onClose: () => void
  children: ReactNode
}

/** The menu where there is no room for it beside the page. */
export default function PhoneMenu({ isOpen, onClose, children }: PhoneMenuProps) {
  const { t } = useTranslation()
  return (
    <Drawer
      open={isOpen}
      placement="left"
      size={260}
      title={t('menu')}
      extra={<LanguageSwitch />}
      styles={{ body: { padding: '8px 0' } }}
      onClose={onClose}
    >
      <nav aria-label={t('menu')}>{children}</nav>
    </Drawer>
  )
}

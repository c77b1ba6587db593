import { Button, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { CopyText } from '@/shared/CopyText'
import { useReturnFocus } from '@/shared/return-focus'

/** Shows an API key until the person closes it; it is kept nowhere. */
export default function ShownKey({ apiKey, onClose }: { apiKey: string; onClose: () => void }) {
  const { t } = useTranslation(['admin', 'common'])
  useReturnFocus()
  return (
    <Modal
      open
      width={620}
      title={t('key.title')}
      onCancel={onClose}
      mask={{ closable: false }}
      footer={
        <Button type="primary" onClick={onClose}>
          {t('common:close')}
        </Button>
      }
    >
      <CopyText text={apiKey} />
    </Modal>
  )
}

import { Button, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { useReturnFocus } from '@/shared/return-focus'
import { KeyOnce } from '../parts/KeyOnce'

/** The new API key, until the person says that it is saved. */
export default function NewKey({ apiKey, onClose }: { apiKey: string; onClose: () => void }) {
  useReturnFocus()
  const { t } = useTranslation(['operator', 'common'])
  return (
    <Modal
      open
      width={600}
      title={t('apiKey.new')}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      footer={<Button onClick={onClose}>{t('apiKey.saved')}</Button>}
    >
      <KeyOnce apiKey={apiKey} />
    </Modal>
  )
}

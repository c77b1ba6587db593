import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import { CopyText } from '@/shared/CopyText'

/** Shows an API key until the person closes it; it is kept nowhere. */
export function useShowKey(): (key: string) => void {
  const { t } = useTranslation(['admin', 'common'])
  const { modal } = App.useApp()
  return (key) => {
    modal.success({
      title: t('key.title'),
      content: <CopyText text={key} />,
      width: 560,
      okText: t('common:close'),
    })
  }
}

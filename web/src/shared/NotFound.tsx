import { Result } from 'antd'
import { useTranslation } from 'react-i18next'
import { LinkButton } from './LinkButton'
import { useDocumentTitle } from './document-title'

export default function NotFound() {
  const { t } = useTranslation()
  useDocumentTitle(t('notFound'))
  return (
    <Result
      status="404"
      title={t('notFound')}
      subTitle={t('notFoundHint')}
      extra={
        <LinkButton to="/" look="primary">
          {t('toHome')}
        </LinkButton>
      }
    />
  )
}

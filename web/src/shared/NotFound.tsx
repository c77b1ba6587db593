import { useTranslation } from 'react-i18next'
import { useDocumentTitle } from './document-title'
import { LinkButton } from './LinkButton'
import { Notice } from './Notice'

export function NotFound() {
  const { t } = useTranslation()
  useDocumentTitle(t('notFound'))
  return (
    <Notice title={t('notFound')} hint={t('notFoundHint')}>
      <LinkButton to="/" look="primary">
        {t('toHome')}
      </LinkButton>
    </Notice>
  )
}

import { useTranslation } from 'react-i18next'
import { useDocumentTitle } from './document-title'
import { LinkButton } from './LinkButton'
import { Notice } from './Notice'

/** Instead of a page whose permission the person lacks. */
export function NoAccess() {
  const { t } = useTranslation()
  useDocumentTitle(t('noAccess'))
  return (
    <Notice title={t('noAccess')} hint={t('noAccessHint')}>
      <LinkButton to="/" look="primary">
        {t('toHome')}
      </LinkButton>
    </Notice>
  )
}

import { Result } from 'antd'
import { useTranslation } from 'react-i18next'
import { Page } from './Page'

/** Instead of a page whose permission the person lacks. */
export default function NoAccess() {
  const { t } = useTranslation()
  return (
    <Page>
      <Result status="403" subTitle={t('noAccess')} />
    </Page>
  )
}

import { useTranslation } from 'react-i18next'
import { UrlTabs } from '@/shared/DetailPage'
import { later } from '@/shared/later'
import { Page } from '@/shared/Page'

/** A table with a calendar over it would be heavy before the page is there. */
const Ranking = later(() => import('./Ranking'))
const AllCustomers = later(() => import('./AllCustomers'))

/** Who matters most, and everybody, by name. */
export default function CustomersPage() {
  const { t } = useTranslation(['finance', 'common'])
  return (
    <Page>
      <UrlTabs
        items={[
          { key: 'ranking', label: t('customers.views.ranking'), children: <Ranking /> },
          { key: 'all', label: t('customers.views.all'), children: <AllCustomers /> },
        ]}
      />
    </Page>
  )
}

import { Button, Flex } from 'antd'
import { useTranslation } from 'react-i18next'

/** Says how far back was searched, and searches further. */
export function SearchFoot({
  search,
}: {
  search: { searched: number; hasOlder: boolean; isFetching: boolean; searchOlder: () => void }
}) {
  const { t } = useTranslation(['finance', 'common'])
  if (!search.hasOlder) return null
  return (
    <Flex gap={12} align="center" wrap>
      <span>{t('customers.searched', { count: search.searched })}</span>
      <Button loading={search.isFetching} onClick={search.searchOlder}>
        {t('customers.searchOlder')}
      </Button>
    </Flex>
  )
}

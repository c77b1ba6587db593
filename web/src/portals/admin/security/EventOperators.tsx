import { Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { OperatorLink } from '../fields/OperatorLink'

const shownAtMost = 3

/** The operators that an event is about; each name is looked up, so of many only the first are shown. */
export function EventOperators({ ids }: { ids: string[] }) {
  const { t } = useTranslation(['admin', 'common'])
  if (ids.length === 0) return <span>—</span>
  return (
    <Flex component="span" gap={8} wrap style={{ display: 'inline-flex' }}>
      {ids.slice(0, shownAtMost).map((id) => (
        <OperatorLink key={id} id={id} />
      ))}
      {ids.length > shownAtMost && <span>{t('security.more', { count: ids.length })}</span>}
    </Flex>
  )
}

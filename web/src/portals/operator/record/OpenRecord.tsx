import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { textOf, useUrlState, type Search } from '@/shared/url-state'

/** The record that the address names. */
export function useOpenRecord(): string | undefined {
  const [search] = useUrlState()
  return textOf(search, 'id')
}

/** Opens a record beside the list as it is now. */
export function OpenRecord({ id }: { id: string }) {
  const { t } = useTranslation(['operator', 'common'])
  return (
    <Link to="." search={((before: Search) => ({ ...before, id })) as never} resetScroll={false}>
      {t('record.open')}
    </Link>
  )
}

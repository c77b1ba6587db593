import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { textOf, useUrlState, type Search } from './url-state'

/** The record that the address names. */
export function useOpenRecord(): string | undefined {
  const [search] = useUrlState()
  return textOf(search, 'id')
}

interface OpenRecordProps {
  id: string
  /** When it was made, where the id does not tell. */
  at?: string
}

/** Opens a record beside the list as it is now. */
export function OpenRecord({ id, at }: OpenRecordProps) {
  const { t } = useTranslation()
  return (
    <Link to="." search={((before: Search) => ({ ...before, id, at })) as never} resetScroll={false}>
      {t('record.open')}
    </Link>
  )
}

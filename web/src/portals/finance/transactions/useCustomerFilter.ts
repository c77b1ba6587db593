import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getCustomerDetailsOptions, listTopCustomersOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import type { Filter } from '@/shared/FilterBar'
import { addToDate, daysToRange, today } from '@/shared/time'
import { textOf, useUrlState } from '@/shared/url-state'

/** Offers the customers who spent most in a year, and the one that the address names. */
export function useCustomerFilter(): Filter {
  const { t } = useTranslation(['finance', 'common'])
  const [search] = useUrlState()
  const chosen = textOf(search, 'operator_id')
  const year = daysToRange(addToDate(today(), -365), today())
  const top = useQuery({ ...listTopCustomersOptions({ query: { limit: 100, ...year } }), select: unwrap })
  const known = (top.data?.customers ?? []).map(({ operator_id, operator_name }) => ({
    value: operator_id,
    label: operator_name,
  }))
  const isMissing =
    chosen !== undefined && top.data !== undefined && !known.some(({ value }) => value === chosen)
  const missing = useQuery({
    ...getCustomerDetailsOptions({ path: { operator_id: chosen ?? '' } }),
    select: unwrap,
    enabled: isMissing,
  })
  const options = isMissing
    ? [...known, { value: chosen, label: missing.data?.operator_name ?? chosen }]
    : known
  return { kind: 'select', name: 'operator_id', label: t('customerFilter'), options }
}

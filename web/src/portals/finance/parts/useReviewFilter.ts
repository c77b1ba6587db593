import { useTranslation } from 'react-i18next'
import type { Filter } from '@/shared/FilterBar'

/** Refunds and invoices by what was decided about them. */
export function useReviewFilter(): Filter {
  const { t } = useTranslation(['finance', 'common'])
  const statuses = ['pending', 'approved', 'rejected'] as const
  return {
    kind: 'select',
    name: 'status',
    label: t('status'),
    options: statuses.map((value) => ({ value, label: t(`reviewStatus.${value}`) })),
  }
}

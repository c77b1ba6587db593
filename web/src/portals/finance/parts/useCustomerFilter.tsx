import { Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Filter, FilterFieldProps } from '@/shared/FilterBar'
import { later } from '@/shared/later'

const CustomerField = later<FilterFieldProps>(
  () => import('./CustomerField'),
  <Skeleton.Input active style={{ width: 200 }} />,
)

/** Lists by whose they are. */
export function useCustomerFilter(): Filter {
  const { t } = useTranslation(['finance', 'common'])
  return { kind: 'custom', name: 'operator_id', label: t('customerFilter'), field: CustomerField }
}

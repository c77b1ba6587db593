import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getCustomerDetailsOptions, listCustomersOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import type { FilterFieldProps } from '@/shared/FilterBar'
import { usePaused } from '@/shared/paused'

/** Finds a customer by name or username; the value is its id. */
export default function CustomerField({ label, value, onChange }: FilterFieldProps) {
  const { t } = useTranslation(['finance', 'common'])
  const [typed, setTyped] = useState('')
  const keyword = usePaused(typed).trim() || undefined
  const found = useQuery({
    ...listCustomersOptions({ query: { keyword, page_size: 50 } }),
    placeholderData: keepPreviousData,
  })
  const options = (found.data?.items ?? []).map((customer) => ({
    value: customer.operator_id,
    label: `${customer.operator_name} (${customer.username})`,
  }))
  const isListed = value === undefined || options.some((option) => option.value === value)
  // The address may name a customer that is not among the first.
  const named = useQuery({
    ...getCustomerDetailsOptions({ path: { operator_id: value ?? '' } }),
    select: unwrap,
    enabled: !isListed && !found.isFetching,
  })
  const shown = isListed || !named.data ? options : [{ value, label: named.data.operator_name }, ...options]
  return (
    <Select
      aria-label={label}
      value={value}
      options={shown}
      loading={found.isFetching}
      placeholder={label}
      notFoundContent={t('customers.noneFound')}
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      popupMatchSelectWidth={false}
      style={{ width: 200 }}
      onChange={(chosen?: string) => {
        onChange(chosen)
      }}
    />
  )
}

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getOperatorOptions, listOperatorsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import type { FilterFieldProps } from '@/shared/FilterBar'
import { usePaused } from '@/shared/paused'

function useFoundOperators() {
  const [typed, setTyped] = useState('')
  const keyword = usePaused(typed).trim() || undefined
  const found = useQuery({
    ...listOperatorsOptions({ query: { keyword, page_size: 50, sort_by: 'name', sort_order: 'asc' } }),
    placeholderData: keepPreviousData,
  })
  const options = (found.data?.items ?? []).map((operator) => ({
    value: operator.operator_id,
    label: `${operator.name} (${operator.username})`,
  }))
  return { options, isFetching: found.isFetching, setTyped }
}

/** Finds an operator by what one knows of it; the value is its id. */
export function OperatorSelect({
  value,
  onChange,
  ...field
}: {
  id?: string
  label?: string
  value?: string
  onChange?: (value: string | undefined) => void
}) {
  const { t } = useTranslation(['admin', 'common'])
  const { options, isFetching, setTyped } = useFoundOperators()
  const isListed = value === undefined || options.some((option) => option.value === value)
  // The address may name an operator that is not among the first.
  const named = useQuery({
    ...getOperatorOptions({ path: { id: value ?? '' } }),
    select: unwrap,
    enabled: !isListed && !isFetching,
  })
  const shown = isListed || !named.data ? options : [{ value, label: named.data.name }, ...options]
  return (
    <Select
      id={field.id}
      aria-label={field.label}
      value={value}
      options={shown}
      loading={isFetching}
      placeholder={field.label ?? t('operators.choose')}
      notFoundContent={t('operators.noneFound')}
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      popupMatchSelectWidth={false}
      style={{ width: field.id === undefined ? 220 : '100%' }}
      onChange={(chosen?: string) => onChange?.(chosen)}
    />
  )
}

/** The same for several operators. */
export function OperatorsSelect(field: {
  id?: string
  value?: string[]
  onChange?: (value: string[]) => void
}) {
  const { t } = useTranslation(['admin', 'common'])
  const { options, isFetching, setTyped } = useFoundOperators()
  return (
    <Select<string[]>
      {...field}
      mode="multiple"
      options={options}
      loading={isFetching}
      placeholder={t('operators.choose')}
      notFoundContent={t('operators.noneFound')}
      showSearch={{ filterOption: false, onSearch: setTyped }}
    />
  )
}

/** A filter of lists; narrower than in a form. */
export function OperatorFilter({ label, value, onChange }: FilterFieldProps) {
  return <OperatorSelect label={label} value={value} onChange={onChange} />
}

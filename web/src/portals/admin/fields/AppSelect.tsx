import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { listApplicationsOptions } from '@/api/generated/@tanstack/react-query.gen'
import type { FilterFieldProps } from '@/shared/FilterBar'

interface AppSelectProps {
  id?: string
  label?: string
  value?: string
  onChange?: (value: string | undefined) => void
  /** Those off the shelf cannot be granted. */
  isGrantable?: boolean
}

/** Chooses one of the apps, of which there are few; the value is its id. */
export function AppSelect({ isGrantable, label, onChange, ...field }: AppSelectProps) {
  const { t } = useTranslation(['admin', 'common'])
  const query = { page_size: 100, ...(isGrantable && { is_active: true }) }
  const apps = useQuery(listApplicationsOptions({ query }))
  return (
    <Select
      {...field}
      aria-label={label}
      options={(apps.data?.items ?? []).map((app) => ({ value: app.app_id, label: app.app_name }))}
      loading={apps.isFetching}
      placeholder={label ?? t('grants.chooseApp')}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      popupMatchSelectWidth={false}
      style={{ width: field.id === undefined ? 160 : '100%' }}
      onChange={(chosen?: string) => onChange?.(chosen)}
    />
  )
}

export function AppFilter({ label, value, onChange }: FilterFieldProps) {
  return <AppSelect label={label} value={value} onChange={onChange} />
}

import { Button, Checkbox, Flex, Input, Select, Skeleton } from 'antd'
import { useState, type ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { later } from './later'
import { textOf, useUrlState, type Search } from './url-state'

/** Calendars are heavy and come after the page. */
const RangeField = later(() => import('./RangeField'), <Skeleton.Input active style={{ width: 250 }} />)

interface Named {
  /** The parameter of the address and of the API. */
  name: string
  label: string
}

export interface FilterFieldProps {
  label: string
  value: string | undefined
  onChange: (value: string | undefined) => void
}

/** What a list or a chart can be narrowed by. */
export type Filter =
  | ({ kind: 'keyword' } & Named)
  | ({ kind: 'select'; options: { value: string; label: string }[]; isMultiple?: boolean } & Named)
  | ({ kind: 'toggle' } & Named)
  /** A field of the portal's own, such as one that finds operators by name. */
  | ({ kind: 'custom'; field: ComponentType<FilterFieldProps> } & Named)
  /** Whole days: the parameters `start_time` and `end_time`. */
  | { kind: 'range' }

/** The parameters that the filters set. */
export function parametersOf(filters: Filter[]): string[] {
  return filters.flatMap((filter) => (filter.kind === 'range' ? ['start_time', 'end_time'] : [filter.name]))
}

/** Filters that are kept in the address; a change begins at the first page again. */
export function FilterBar({ filters }: { filters: Filter[] }) {
  const { t } = useTranslation()
  const [search, change] = useUrlState()
  const narrow = (changes: Search) => {
    change({ ...changes, page: undefined, cursor: undefined })
  }
  const used = parametersOf(filters).filter((name) => search[name] !== undefined)
  return (
    <Flex gap={8} wrap align="center" style={{ minHeight: 32 }}>
      {filters.map((filter) => (
        <FilterField
          key={filter.kind === 'range' ? 'range' : filter.name}
          filter={filter}
          search={search}
          narrow={narrow}
        />
      ))}
      {used.length > 0 && (
        <Button
          type="link"
          onClick={() => {
            narrow(Object.fromEntries(used.map((name) => [name, undefined])))
          }}
        >
          {t('table.clearFilters')}
        </Button>
      )}
    </Flex>
  )
}

interface FieldProps {
  filter: Filter
  search: Search
  narrow: (changes: Search) => void
}

function FilterField({ filter, search, narrow }: FieldProps) {
  if (filter.kind === 'range') return <RangeField search={search} narrow={narrow} />
  const { name, label } = filter
  const value = textOf(search, name)
  switch (filter.kind) {
    case 'keyword':
      return (
        <KeywordField
          label={label}
          value={value ?? ''}
          onSearch={(text) => {
            narrow({ [name]: text.trim() || undefined })
          }}
        />
      )
    case 'select':
      return (
        <Select
          value={filter.isMultiple ? [search[name] ?? []].flat() : value}
          placeholder={label}
          aria-label={label}
          options={filter.options}
          mode={filter.isMultiple ? 'multiple' : undefined}
          maxTagCount="responsive"
          allowClear
          showSearch={filter.options.length > 8 ? { optionFilterProp: 'label' } : false}
          popupMatchSelectWidth={false}
          style={{ minWidth: filter.isMultiple ? 200 : 130 }}
          onChange={(chosen?: string | string[]) => {
            narrow({ [name]: chosen?.length ? chosen : undefined })
          }}
        />
      )
    case 'custom': {
      const Field = filter.field
      return (
        <Field
          label={label}
          value={value}
          onChange={(chosen) => {
            narrow({ [name]: chosen })
          }}
        />
      )
    }
    case 'toggle':
      return (
        <Checkbox
          checked={value === 'true'}
          onChange={(event) => {
            narrow({ [name]: event.target.checked ? 'true' : undefined })
          }}
        >
          {label}
        </Checkbox>
      )
  }
}

interface KeywordFieldProps {
  label: string
  value: string
  onSearch: (text: string) => void
}

/** Typing is not a search yet. When the address comes to say something else, so does the field, and keeps the focus. */
function KeywordField({ label, value, onSearch }: KeywordFieldProps) {
  const [text, setText] = useState(value)
  const [known, setKnown] = useState(value)
  if (known !== value) {
    setKnown(value)
    setText(value)
  }
  return (
    <Input.Search
      value={text}
      placeholder={label}
      aria-label={label}
      allowClear
      style={{ width: 240 }}
      onChange={(event) => {
        setText(event.target.value)
      }}
      onSearch={onSearch}
    />
  )
}

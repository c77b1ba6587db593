import { Segmented } from 'antd'
import { textOf, useUrlState } from '@/shared/url-state'

/** One of a few values that the address remembers; the first unless it says otherwise. */
export function useUrlChoice<T extends string>(name: string, values: readonly [T, ...T[]]): T {
  const [search] = useUrlState()
  const chosen = textOf(search, name)
  return values.find((value) => value === chosen) ?? values[0]
}

interface UrlChoiceProps {
  name: string
  label: string
  options: { value: string; label: string }[]
}

/** The choice itself, side by side. */
export function UrlChoice({ name, label, options }: UrlChoiceProps) {
  const [search, change] = useUrlState()
  const [first] = options
  return (
    <Segmented
      className="no-print"
      aria-label={label}
      value={textOf(search, name) ?? first?.value}
      options={options}
      onChange={(value) => {
        change({ [name]: value === first?.value ? undefined : value })
      }}
    />
  )
}

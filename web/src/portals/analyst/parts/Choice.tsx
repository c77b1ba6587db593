import { Segmented } from 'antd'

interface ChoiceProps<T extends string> {
  label: string
  value: T
  options: { value: T; label: string }[]
  onChange: (value: T) => void
}

/** A few values side by side, of which one is chosen. */
export function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  return (
    <span className="no-print">
      <Segmented<T> aria-label={label} value={value} options={options} onChange={onChange} />
    </span>
  )
}

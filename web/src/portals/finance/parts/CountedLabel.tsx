import { Badge } from 'antd'

/** The label of a tab with how much waits behind it. */
export function CountedLabel({ label, count }: { label: string; count: number | undefined }) {
  if (!count) return <span>{label}</span>
  return (
    <span>
      {label} <Badge count={count} overflowCount={999} size="small" />
    </span>
  )
}

import { theme } from 'antd'
import type { ReactNode } from 'react'

interface Fact {
  label: string
  value: ReactNode
  /** Takes a line of its own, as keys do. */
  isWide?: boolean
}

/** What is known about a thing, densely: a name over each value. */
export function Facts({ items }: { items: Fact[] }) {
  const { token } = theme.useToken()
  return (
    <dl
      className="figures"
      style={{
        display: 'grid',
        gridTemplateColumns: 'repeat(auto-fill, minmax(min(190px, 100%), 1fr))',
        gap: '14px 24px',
        margin: 0,
      }}
    >
      {items.map(({ label, value, isWide }) => (
        <div
          key={label}
          style={{ minWidth: 0, overflowWrap: 'anywhere', gridColumn: isWide ? '1 / -1' : undefined }}
        >
          <dt style={{ color: token.colorTextDescription, fontSize: 13, lineHeight: '22px' }}>{label}</dt>
          <dd style={{ margin: 0, lineHeight: '24px' }}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

import { theme } from 'antd'
import type { ReactNode } from 'react'

interface ShareBarProps {
  percent: number
  /** What it is a share of. */
  label: string
  /** In figures, behind the bar. */
  children: ReactNode
}

/** A share as a bar and in figures. The library's bar for what is under way weighs as much as a page. */
export function ShareBar({ percent, label, children }: ShareBarProps) {
  const { token } = theme.useToken()
  const bar = { height: 6, borderRadius: 3 }
  return (
    <span style={{ display: 'flex', alignItems: 'center', gap: 8, minWidth: 160 }}>
      <span
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        style={{ ...bar, flex: 1, background: token.colorFillSecondary, overflow: 'hidden' }}
      >
        <span
          style={{
            ...bar,
            display: 'block',
            width: `${String(Math.min(100, percent))}%`,
            background: token.colorInfo,
          }}
        />
      </span>
      <span className="figures" style={{ minWidth: 56, textAlign: 'end' }}>
        {children}
      </span>
    </span>
  )
}

import { Link } from '@tanstack/react-router'
import { Skeleton, theme } from 'antd'
import type { ReactNode } from 'react'

interface TileProps {
  label: string
  value: ReactNode
  hint: string
  isLoading: boolean
  /** Something waits for somebody. */
  isUrgent?: boolean
  to: string
  search?: Record<string, string>
}

/** A figure that leads to what it counts. */
export function Tile({ label, value, hint, isLoading, isUrgent, to, search }: TileProps) {
  const { token } = theme.useToken()
  return (
    <Link
      to={to}
      search={search as never}
      className="tile"
      style={{
        display: 'block',
        padding: '14px 16px',
        background: token.colorBgContainer,
        border: `1px solid ${isUrgent ? token.colorWarningBorder : token.colorBorderSecondary}`,
        borderRadius: token.borderRadiusLG,
        color: token.colorText,
        minWidth: 0,
      }}
    >
      <span style={{ color: token.colorTextDescription }}>{label}</span>
      <div
        className="figures"
        aria-live="polite"
        style={{ fontSize: 24, fontWeight: 600, lineHeight: '36px', overflowWrap: 'anywhere' }}
      >
        {isLoading ? <Skeleton.Input active size="small" style={{ height: 28 }} /> : value}
      </div>
      <span style={{ color: isUrgent ? token.colorWarningText : token.colorTextDescription, fontSize: 13 }}>
        {hint}
      </span>
    </Link>
  )
}

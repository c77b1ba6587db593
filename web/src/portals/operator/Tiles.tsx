import { Skeleton, theme } from 'antd'
import type { ReactNode } from 'react'

/** The figures that matter most, side by side: two in a row on a phone. */
export function Tiles({ children }: { children: ReactNode }) {
  return (
    <div
      style={{
        display: 'grid',
        gap: 12,
        gridTemplateColumns: 'repeat(auto-fit, minmax(min(140px, 44%), 1fr))',
      }}
    >
      {children}
    </div>
  )
}

interface TileProps {
  label: ReactNode
  /** Undefined while it is being read. */
  value: ReactNode
  /** Its line is kept free while it is being read. */
  hint?: ReactNode
}

export function Tile({ label, value, hint }: TileProps) {
  const { token } = theme.useToken()
  return (
    <section
      style={{
        background: token.colorBgContainer,
        border: `1px solid ${token.colorBorderSecondary}`,
        borderRadius: token.borderRadiusLG,
        padding: '12px 14px',
        minWidth: 0,
      }}
    >
      <div style={{ color: token.colorTextDescription, fontSize: 13, lineHeight: '22px' }}>{label}</div>
      <div className="figures" style={{ fontSize: 20, fontWeight: 600, lineHeight: '34px', minHeight: 34 }}>
        {value ?? <Skeleton.Input active size="small" style={{ width: 90, minWidth: 90 }} />}
      </div>
      {hint !== undefined && (
        <div style={{ color: token.colorTextTertiary, fontSize: 12, lineHeight: '20px', minHeight: 20 }}>
          {hint}
        </div>
      )}
    </section>
  )
}

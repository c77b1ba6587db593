import { theme } from 'antd'
import type { CSSProperties, ReactNode } from 'react'

interface PanelProps {
  title?: ReactNode
  /** On the right of the title. */
  extra?: ReactNode
  /** False when the content reaches the edges, as tables do. */
  isPadded?: boolean
  isBusy?: boolean
  style?: CSSProperties
  children: ReactNode
}

/** A framed part of a page. The library's card brings its tabs along, which the sign-in page would wait for. */
export function Panel({ title, extra, isPadded = true, isBusy, style, children }: PanelProps) {
  const { token } = theme.useToken()
  return (
    <section
      aria-busy={isBusy}
      style={{
        background: token.colorBgContainer,
        border: `1px solid ${token.colorBorderSecondary}`,
        borderRadius: token.borderRadiusLG,
        color: token.colorText,
        minWidth: 0,
        ...style,
      }}
    >
      {(title ?? extra) !== undefined && (
        <header
          style={{
            display: 'flex',
            flexWrap: 'wrap',
            justifyContent: 'space-between',
            alignItems: 'center',
            gap: 8,
            padding: '10px 16px',
            borderBlockEnd: `1px solid ${token.colorBorderSecondary}`,
          }}
        >
          <h2 style={{ margin: 0, fontSize: 15, fontWeight: 600 }}>{title}</h2>
          {extra}
        </header>
      )}
      <div style={{ padding: isPadded ? 16 : 0 }}>{children}</div>
    </section>
  )
}

import type { ReactNode } from 'react'

/** Instead of a page: what is the matter and where to go from here. */
export function Notice({ title, hint, children }: { title: string; hint: string; children?: ReactNode }) {
  return (
    <div role="alert" style={{ padding: '12vh 16px', textAlign: 'center' }}>
      <h1 style={{ margin: '0 0 8px', fontSize: 20, fontWeight: 600 }}>{title}</h1>
      <p style={{ margin: '0 0 20px', opacity: 0.8 }}>{hint}</p>
      {children}
    </div>
  )
}

import { Tag } from 'antd'
import type { ReactNode } from 'react'

/** How a state is meant, whatever it is called. */
export type Tone = 'good' | 'waiting' | 'bad' | 'quiet' | 'special'

const colors: Record<Tone, string> = {
  good: 'success',
  waiting: 'warning',
  bad: 'error',
  quiet: 'default',
  special: 'processing',
}

export function StatusTag({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <Tag variant="outlined" color={colors[tone]} style={{ marginInlineEnd: 0 }}>
      {children}
    </Tag>
  )
}

import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Panel } from '@/shared/Panel'
import { ProblemView } from '@/shared/ProblemView'

interface ChartPanelProps {
  title: string
  extra?: ReactNode
  query: Pick<UseQueryResult<unknown, unknown>, 'error' | 'refetch'>
  children: ReactNode
}

/** A chart in its frame, or why there is none. */
export function ChartPanel({ title, extra, query, children }: ChartPanelProps) {
  return (
    <Panel title={title} extra={extra} style={{ breakInside: 'avoid' }}>
      {query.error ? <ProblemView error={query.error} onRetry={() => void query.refetch()} /> : children}
    </Panel>
  )
}

import { Empty, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { BarChart } from '@/shared/chart/Chart'
import { Panel } from '@/shared/Panel'
import { ProblemView } from '@/shared/ProblemView'
import type { Search } from '@/shared/url-state'
import { toFen } from '@/shared/money'
import { ExportMenu } from '../ExportMenu'
import { useUrlChoice } from '../UrlChoice'
import { SideBySide } from './SideBySide'
import { measures, valueOf } from './measures'

/** What was played in an application or at a site. */
export interface ReportRow {
  key: string
  name: string
  total_sessions: number
  total_players: number
  total_cost: string
}

interface ReportProps {
  title: string
  rows: ReportRow[] | undefined
  isLoading: boolean
  error: unknown
  onRetry: () => void
  /** Parameters of the export. */
  file: Search
  table: ReactNode
}

/** More bars than this cannot be read. */
const most = 12

const byCost = (one: ReportRow, other: ReportRow) =>
  Number(toFen(other.total_cost) - toFen(one.total_cost)) || one.name.localeCompare(other.name)

/** Figures of applications or sites: bars for the eye, and beside them a table with all. */
export function Report({ title, rows, isLoading, error, onRetry, file, table }: ReportProps) {
  const { t } = useTranslation(['operator', 'common'])
  const measure = useUrlChoice('measure', measures)
  const drawn = [...(rows ?? [])].sort(byCost).slice(0, most)
  let body: ReactNode
  if (error) body = <ProblemView error={error} onRetry={onRetry} />
  else if (isLoading) body = <Skeleton active title={false} paragraph={{ rows: 6 }} />
  else if (drawn.length === 0) {
    body = <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('statistics.empty')} />
  } else {
    body = (
      <SideBySide
        chart={
          <>
            <BarChart
              isHorizontal
              label={title}
              height={48 + drawn.length * 36}
              unit={measure === 'total_cost' ? 'money' : 'count'}
              categories={drawn.map((row) => row.name)}
              series={[
                {
                  name: t(`statistics.measure.${measure}`),
                  values: drawn.map((row) => valueOf(row, measure)),
                },
              ]}
            />
            {(rows?.length ?? 0) > most && <span>{t('statistics.topOnly', { count: most })}</span>}
          </>
        }
        table={table}
      />
    )
  }
  return (
    <Panel
      title={title}
      extra={
        <ExportMenu
          path="/v1/operators/me/statistics/export"
          name={title}
          parameters={file}
          button={{ size: 'small', className: 'no-print' }}
        />
      }
    >
      {body}
    </Panel>
  )
}

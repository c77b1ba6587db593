import { Button, Empty, Skeleton, theme } from 'antd'
import type { EChartsCoreOption } from 'echarts/core'
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { later } from '../later'
import { useIsDark } from '../theme'
import { formatValue, isEmpty, type ChartModel } from './model'
import { axesOption, heatOption, type AxesOptions, type HeatModel } from './options'

const Figures = later(() => import('./Figures'))
const EChart = lazy(() => import('./EChart'))

interface Common {
  /** Says what the chart shows, for those who do not see it. */
  label: string
  height?: number
  isLoading?: boolean
}

function useLook() {
  const { token } = theme.useToken()
  const isDark = useIsDark()
  return useMemo(() => ({ token, isDark }), [token, isDark])
}

export function LineChart({ label, height, isLoading, ...model }: Common & ChartModel) {
  return <AxesChart label={label} height={height} isLoading={isLoading} model={model} kind="line" />
}

export function BarChart({
  label,
  height,
  isLoading,
  isHorizontal,
  isStacked,
  ...model
}: Common & ChartModel & Omit<AxesOptions, 'kind'>) {
  const axes = { isHorizontal, isStacked }
  return <AxesChart label={label} height={height} isLoading={isLoading} model={model} kind="bar" {...axes} />
}

function AxesChart({
  model,
  kind,
  isHorizontal,
  isStacked,
  ...common
}: Common & AxesOptions & { model: ChartModel }) {
  const look = useLook()
  const option = axesOption(model, look, { kind, isHorizontal, isStacked })
  return (
    <Figure
      {...common}
      option={option}
      isEmpty={isEmpty(model)}
      head={['', ...model.series.map((series) => series.name)]}
      rows={model.categories.map((category, index) => [
        category,
        ...model.series.map((series) => formatValue(series.values[index] ?? 0, model.unit)),
      ])}
    />
  )
}

export function HeatMap({ label, height, isLoading, ...model }: Common & HeatModel) {
  const look = useLook()
  return (
    <Figure
      label={label}
      height={height ?? Math.max(260, 64 + model.rows.length * 30)}
      isLoading={isLoading}
      option={heatOption(model, look)}
      isEmpty={model.rows.length === 0 || model.columns.length === 0}
      head={['', ...model.columns]}
      rows={model.rows.map((row, index) => [
        row,
        ...(model.cells[index] ?? []).map((value) => formatValue(value, model.unit)),
      ])}
    />
  )
}

interface FigureProps extends Common {
  option: EChartsCoreOption
  isEmpty: boolean
  head: string[]
  rows: string[][]
}

/** A chart and the same figures as a table, whichever one prefers; screen readers are offered the table. */
function Figure({ label, height = 280, isLoading, option, isEmpty: hasNothing, head, rows }: FigureProps) {
  const { t } = useTranslation()
  const [isTable, setIsTable] = useState(false)
  const key = JSON.stringify([head, rows])
  const look = useLook()
  // The option is made anew on every render; drawing again is due when figures or colours change.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const drawn = useMemo(() => option, [key, look])
  const waiting = (
    <Skeleton.Node active style={{ width: '100%', height }} styles={{ root: { width: '100%' } }} />
  )
  let body: ReactNode
  if (isLoading) body = waiting
  else if (hasNothing) body = <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('chart.empty')} />
  else if (isTable) body = <Figures head={head} rows={rows} />
  else
    body = (
      <Suspense fallback={waiting}>
        <EChart option={drawn} height={height} />
      </Suspense>
    )
  return (
    <figure style={{ margin: 0 }} aria-label={label} aria-busy={isLoading}>
      {body}
      {!isLoading && !hasNothing && (
        <div style={{ textAlign: 'end' }} className="no-print">
          <Button
            type="link"
            size="small"
            onClick={() => {
              setIsTable(!isTable)
            }}
          >
            {t(isTable ? 'chart.asChart' : 'chart.asTable')}
          </Button>
        </div>
      )}
    </figure>
  )
}

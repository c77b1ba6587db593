/** How models become drawings, in the colours of the theme. */
import type { GlobalToken } from 'antd'
import type { EChartsCoreOption } from 'echarts/core'
import { formatAxis, formatValue, position, type ChartModel, type Unit, type Value } from './model'

/** Told apart also by those who see fewer colours; readable on light and dark ground. */
const lightSeries = ['#2f54c4', '#c2571a', '#16807a', '#8a3fa8', '#a3831b', '#b8335f', '#4a6b1f', '#5c6474']
const darkSeries = ['#7d9bf5', '#ef9a5f', '#4fc0b5', '#c58be0', '#d9bc57', '#ee84a6', '#9cc06a', '#a5adbd']

interface Look {
  token: GlobalToken
  isDark: boolean
}

function frame({ token, isDark }: Look, top: number): EChartsCoreOption {
  return {
    color: isDark ? darkSeries : lightSeries,
    textStyle: { fontFamily: token.fontFamily, color: token.colorText },
    animation: token.motion,
    animationDuration: 300,
    grid: {
      left: 8,
      right: 16,
      top,
      bottom: 8,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
  }
}

function tooltip({ token }: Look): object {
  return {
    backgroundColor: token.colorBgElevated,
    borderColor: token.colorBorderSecondary,
    textStyle: { color: token.colorText, fontFamily: token.fontFamily, fontSize: 13 },
    confine: true,
  }
}

const axisOf = ({ token }: Look) => ({
  axisLine: { lineStyle: { color: token.colorBorder } },
  axisTick: { show: false },
  axisLabel: { color: token.colorTextTertiary, hideOverlap: true },
  splitLine: { lineStyle: { color: token.colorBorderSecondary } },
})

export interface AxesOptions {
  kind: 'line' | 'bar'
  isHorizontal?: boolean
  isStacked?: boolean
}

/** A chart with a line or a bar for each value. */
export function axesOption(
  model: ChartModel,
  look: Look,
  { kind, isHorizontal, isStacked }: AxesOptions,
): EChartsCoreOption {
  const axis = axisOf(look)
  const names = { ...axis, type: 'category', data: model.categories, splitLine: { show: false } }
  const values = {
    ...axis,
    type: 'value',
    minInterval: model.unit === 'count' ? 1 : undefined,
    axisLabel: { ...axis.axisLabel, formatter: (value: number) => formatAxis(value, model.unit) },
  }
  return {
    ...frame(look, model.series.length > 1 ? 36 : 12),
    legend: {
      show: model.series.length > 1,
      type: 'scroll',
      top: 0,
      textStyle: { color: look.token.colorText },
    },
    tooltip: {
      ...tooltip(look),
      trigger: 'axis',
      // What is told is the value of the API, not the number it was drawn from.
      formatter: (points: { dataIndex: number; seriesIndex: number; marker: string }[]) =>
        tell(
          model,
          points.map((point) => [point.seriesIndex, point.dataIndex, point.marker] as const),
        ),
    },
    xAxis: isHorizontal ? values : names,
    yAxis: isHorizontal ? { ...names, inverse: true } : values,
    series: model.series.map((series) => ({
      name: series.name,
      type: kind,
      data: series.values.map(position),
      stack: isStacked ? 'all' : undefined,
      barMaxWidth: 28,
      symbol: 'circle',
      symbolSize: 5,
      showSymbol: model.categories.length <= 31,
      lineStyle: { width: 2 },
    })),
  }
}

function tell(model: ChartModel, points: (readonly [number, number, string])[]): string {
  const lines = points.map(([series, index, marker]) => {
    const told = model.series[series]
    return `${marker}${escape(told?.name ?? '')}&nbsp; <b>${formatValue(told?.values[index] ?? 0, model.unit)}</b>`
  })
  return [escape(model.categories[points[0]?.[1] ?? 0] ?? ''), ...lines].join('<br>')
}

/** Names come from people, and the tooltip is HTML. */
function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${String(character.charCodeAt(0))};`)
}

export interface HeatModel {
  rows: string[]
  columns: string[]
  /** `cells[row][column]` */
  cells: Value[][]
  unit: Unit
}

/** A cross table in colours. */
export function heatOption(model: HeatModel, look: Look): EChartsCoreOption {
  const axis = { ...axisOf(look), type: 'category', splitLine: { show: false } }
  const data = model.cells.flatMap((cells, row) =>
    cells.map((value, column) => [column, row, position(value)]),
  )
  const { token, isDark } = look
  const most = Math.max(1, ...data.map(([, , value]) => value ?? 0))
  return {
    ...frame(look, 8),
    grid: {
      left: 8,
      right: 16,
      top: 8,
      bottom: 56,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    tooltip: {
      ...tooltip(look),
      formatter: ({ value: [column = 0, row = 0] }: { value: number[] }) =>
        `${escape(model.rows[row] ?? '')} × ${escape(model.columns[column] ?? '')}<br><b>${formatValue(
          model.cells[row]?.[column] ?? 0,
          model.unit,
        )}</b>`,
    },
    xAxis: { ...axis, data: model.columns },
    yAxis: { ...axis, data: model.rows, inverse: true },
    visualMap: {
      min: 0,
      max: most,
      text: [formatAxis(most, model.unit), formatAxis(0, model.unit)],
      orient: 'horizontal',
      left: 'center',
      bottom: 0,
      itemHeight: 160,
      calculable: false,
      textStyle: { color: token.colorTextTertiary },
      formatter: (value: number) => formatAxis(value, model.unit),
      inRange: { color: isDark ? ['#1d2430', '#33509f', '#9db4ff'] : ['#eef2fb', '#8fa8e8', '#1f3c96'] },
    },
    series: [{ type: 'heatmap', data, itemStyle: { borderColor: token.colorBgContainer, borderWidth: 2 } }],
  }
}

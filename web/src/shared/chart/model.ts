/** What a chart shows, apart from how it is drawn: the same model makes the drawing and the table beside it. */
import { formatMoney, positionOf } from '../money'

export type Unit = 'money' | 'count' | 'percent'

/** Money comes as the API's strings, counts and percentages as numbers. */
export type Value = string | number

export interface Series {
  name: string
  values: Value[]
}

export interface ChartModel {
  /** Dates or names along the axis. */
  categories: string[]
  series: Series[]
  unit: Unit
}

export function formatValue(value: Value, unit: Unit): string {
  if (unit === 'money') return formatMoney(String(value))
  const text = Number(value).toLocaleString('en-US', { maximumFractionDigits: 2 })
  return unit === 'percent' ? `${text}%` : text
}

/** Where the value is drawn. */
export function position(value: Value): number {
  return typeof value === 'number' ? value : positionOf(value)
}

/** A short label on an axis: `¥12k` reads better there than every zero. */
export function formatAxis(value: number, unit: Unit): string {
  const short = value.toLocaleString('en-US', { notation: 'compact', maximumFractionDigits: 1 })
  if (unit === 'money') return `¥${short}`
  return unit === 'percent' ? `${short}%` : short
}

export function isEmpty(model: ChartModel): boolean {
  return model.series.every((series) => series.values.every((value) => position(value) === 0))
}

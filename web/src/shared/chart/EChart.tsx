/** The drawing itself; loaded with echarts when the first chart appears. Drawn as SVG, which prints sharply. */
import { BarChart, HeatmapChart, LineChart } from 'echarts/charts'
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components'
import { init, use as register, type EChartsCoreOption } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'

register([
  AriaComponent,
  BarChart,
  GridComponent,
  HeatmapChart,
  LegendComponent,
  LineChart,
  SVGRenderer,
  TooltipComponent,
  VisualMapComponent,
])

/** A sheet of paper is narrower than most screens, and a drawing does not shrink by itself. */
const paperWidth = 640

export default function EChart({ option, height }: { option: EChartsCoreOption; height: number }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!place.current) return undefined
    const chart = init(place.current, undefined, { renderer: 'svg' })
    chart.setOption(option)
    const observer = new ResizeObserver(() => {
      chart.resize()
    })
    observer.observe(place.current)
    const fitPaper = () => {
      chart.resize({ width: Math.min(chart.getWidth(), paperWidth), animation: { duration: 0 } })
      chart.getZr().flush()
    }
    const fitScreen = () => {
      chart.resize()
    }
    window.addEventListener('beforeprint', fitPaper)
    window.addEventListener('afterprint', fitScreen)
    return () => {
      window.removeEventListener('beforeprint', fitPaper)
      window.removeEventListener('afterprint', fitScreen)
      observer.disconnect()
      chart.dispose()
    }
  }, [option])
  return <div ref={place} aria-hidden style={{ width: '100%', height }} />
}

import { Empty, Skeleton, theme } from 'antd'
import { useTranslation } from 'react-i18next'
import type { CrossAnswer } from '@/api/generated'
import { formatValue, position, type Unit, type Value } from '@/shared/chart/model'
import { distinctNames } from '../parts/entities'
import { sumOf } from '../parts/sums'
import { cutCross } from './cut'
import './cross.css'

interface CrossTableProps {
  /** What the table shows, for those who do not see it. */
  label: string
  cross: CrossAnswer | undefined
  isLoading: boolean
  /** What the rows and the columns are. */
  corner: string
  colsName: string
  unit: Unit
}

/** Half strength at most, so that the figures stay readable on it. */
const strongest = 50

/** A cross table with its sums; the stronger the ground, the more. */
export function CrossTable({ label, cross, isLoading, corner, colsName, unit }: CrossTableProps) {
  const { t } = useTranslation(['analyst', 'common'])
  const { token } = theme.useToken()
  if (isLoading) return <Skeleton active paragraph={{ rows: 8 }} />
  if (!cross || cross.rows.length === 0 || cross.cols.length === 0) {
    return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('common:chart.empty')} />
  }
  const { rows, cols, cells, isCut } = cutCross(cross)
  const rowNames = distinctNames(rows.map(({ key: id, name }) => ({ id, name })))
  const colNames = distinctNames(cols.map(({ key: id, name }) => ({ id, name })))
  const most = Math.max(...cells.flat().map(position), 1)
  const ground = (value: Value) => {
    const strength = Math.round((position(value) / most) * strongest)
    return `color-mix(in srgb, ${token.colorPrimary} ${String(strength)}%, transparent)`
  }
  const show = (value: Value) => formatValue(value, unit)
  return (
    <>
      {isCut && <p style={{ marginBlockStart: 0 }}>{t('cross.cut')}</p>}
      <div className="cross" tabIndex={0} role="region" aria-label={label}>
        <table className="figures" style={{ background: token.colorBgContainer }}>
          <caption className="cross-hidden">{label}</caption>
          <thead>
            <tr>
              <th scope="col">
                {corner} × {colsName}
              </th>
              {colNames.map((name, index) => (
                <th key={cols[index]?.key} scope="col">
                  {name}
                </th>
              ))}
              <th scope="col">{t('cross.total')}</th>
            </tr>
          </thead>
          <tbody>
            {cells.map((line, row) => (
              <tr key={rows[row]?.key}>
                <th scope="row">{rowNames[row]}</th>
                {line.map((value, column) => (
                  <td key={cols[column]?.key} style={{ background: ground(value) }}>
                    {show(value)}
                  </td>
                ))}
                <td>
                  <strong>{show(sumOf(line, unit))}</strong>
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t('cross.total')}</th>
              {cols.map(({ key }, column) => (
                <td key={key}>
                  <strong>
                    {show(
                      sumOf(
                        cells.map((line) => line[column] ?? 0),
                        unit,
                      ),
                    )}
                  </strong>
                </td>
              ))}
              <td>
                <strong>{show(sumOf(cells.flat(), unit))}</strong>
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
    </>
  )
}

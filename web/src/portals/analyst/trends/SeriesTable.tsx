import { useTranslation } from 'react-i18next'
import { DataTable, type Column } from '@/shared/DataTable'
import type { Kind } from '../parts/query'
import { shareOf, sumOf } from '../parts/sums'

interface Point {
  total_sessions: number
  total_players: number
  total_cost: string
}

interface SeriesTableProps {
  kind: Kind
  series: { id: string; name: string; points: Point[] }[]
  isLoading: boolean
}

interface Row {
  id: string
  name: string
  sessions: number
  players: number
  cost: string
  share: string
}

/** What the lines come to, side by side. */
export default function SeriesTable({ kind, series, isLoading }: SeriesTableProps) {
  const { t } = useTranslation(['analyst', 'common'])
  const costs = series.map(({ points }) =>
    String(
      sumOf(
        points.map((point) => point.total_cost),
        'money',
      ),
    ),
  )
  const whole = sumOf(costs, 'money')
  const rows: Row[] = series.map(({ id, name, points }, index) => {
    const cost = costs[index] ?? '0.00'
    return {
      id,
      name,
      sessions: points.reduce((sum, point) => sum + point.total_sessions, 0),
      players: points.reduce((sum, point) => sum + point.total_players, 0),
      cost,
      share: shareOf(cost, whole),
    }
  })
  const columns: Column<Row>[] = [
    { key: 'name', title: t(`ranking.name.${kind}`) },
    { key: 'sessions', title: t('measure.sessions'), kind: 'number' },
    { key: 'players', title: t('measure.players'), kind: 'number' },
    {
      key: 'average',
      title: t('ranking.average'),
      kind: 'number',
      render: ({ sessions, players }) => (sessions === 0 ? '0.00' : (players / sessions).toFixed(2)),
    },
    { key: 'cost', title: t('measure.cost'), kind: 'money' },
    { key: 'share', title: t('ranking.share'), kind: 'number', render: ({ share }) => share },
  ]
  return (
    <DataTable<Row>
      name="analyst.trends"
      columns={columns}
      rows={rows}
      rowKey="id"
      isLoading={isLoading}
      toolbar={<strong style={{ lineHeight: '32px' }}>{t('trends.sums')}</strong>}
      empty={{ text: t('ranking.empty') }}
    />
  )
}

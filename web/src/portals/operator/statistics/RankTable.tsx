import { Table, type TableColumnsType } from 'antd'
import { useTranslation } from 'react-i18next'
import { Money } from '@/shared/Money'
import { fromFen, toFen } from '@/shared/money'
import { WideTable } from '@/shared/WideTable'
import type { ReportRow } from './Report'

const sumOf = (rows: ReportRow[], count: (row: ReportRow) => number) =>
  rows.reduce((sum, row) => sum + count(row), 0)

/** A part of the whole in percent, from whole fen. */
function share(part: bigint, whole: bigint): string {
  if (whole === 0n) return '—'
  return `${(Number((part * 10_000n + whole / 2n) / whole) / 100).toFixed(2)}%`
}

const average = (players: number, sessions: number) => (sessions > 0 ? (players / sessions).toFixed(2) : '—')

/** All applications or sites with every figure and the sum. */
export default function RankTable({ rows, nameTitle }: { rows: ReportRow[]; nameTitle: string }) {
  const { t } = useTranslation(['operator', 'common'])
  const total = rows.reduce((sum, row) => sum + toFen(row.total_cost), 0n)
  const sessions = sumOf(rows, (row) => row.total_sessions)
  const players = sumOf(rows, (row) => row.total_players)
  const columns: TableColumnsType<ReportRow> = [
    { title: nameTitle, dataIndex: 'name' },
    {
      title: t('statistics.sessions'),
      align: 'end',
      sorter: (one, other) => one.total_sessions - other.total_sessions,
      render: (_, row) => row.total_sessions.toLocaleString('en-US'),
    },
    {
      title: t('statistics.players'),
      align: 'end',
      sorter: (one, other) => one.total_players - other.total_players,
      render: (_, row) => row.total_players.toLocaleString('en-US'),
    },
    {
      title: t('statistics.average'),
      align: 'end',
      render: (_, row) => average(row.total_players, row.total_sessions),
    },
    {
      title: t('statistics.cost'),
      align: 'end',
      defaultSortOrder: 'descend',
      sorter: (one, other) => Number(toFen(one.total_cost) - toFen(other.total_cost)),
      render: (_, row) => <Money amount={row.total_cost} />,
    },
    {
      title: t('statistics.share'),
      align: 'end',
      render: (_, row) => share(toFen(row.total_cost), total),
    },
  ]
  const sums = [
    t('statistics.total'),
    sessions.toLocaleString('en-US'),
    players.toLocaleString('en-US'),
    average(players, sessions),
    <Money key="cost" amount={fromFen(total)} />,
    share(total, total),
  ]
  return (
    <WideTable<ReportRow>
      rowKey="key"
      columns={columns}
      dataSource={rows}
      showSorterTooltip={false}
      pagination={rows.length > 12 ? { pageSize: 12, showSizeChanger: false } : false}
      summary={() => (
        <Table.Summary.Row>
          {sums.map((sum, index) => (
            <Table.Summary.Cell key={index} index={index} align={index === 0 ? undefined : 'end'}>
              <strong>{sum}</strong>
            </Table.Summary.Cell>
          ))}
        </Table.Summary.Row>
      )}
    />
  )
}

import { WideTable } from '../WideTable'

/** The figures of a chart as a table. */
export default function Figures({ head, rows }: { head: string[]; rows: string[][] }) {
  return (
    <WideTable<string[]>
      rowKey={(row) => row[0] ?? ''}
      pagination={rows.length > 31 ? { pageSize: 31 } : false}
      columns={head.map((title, index) => ({
        key: String(index),
        title,
        align: index === 0 ? 'start' : 'end',
        render: (_, row) => row[index],
      }))}
      dataSource={rows}
    />
  )
}

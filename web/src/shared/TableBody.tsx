import { Empty, type TableProps } from 'antd'
import type { ReactNode } from 'react'
import { CopyText } from './CopyText'
import type { Column, ColumnBase, DataTableProps } from './DataTable'
import { Money } from './Money'
import { Time } from './Time'
import { WideTable } from './WideTable'

/** The table of a {@link DataTable}; it is the heaviest component of all and comes while the rows are fetched. */
export default function TableBody<Row extends object>(props: DataTableProps<Row>) {
  return (
    <WideTable<Row>
      columns={props.columns.map((column) => toAntColumn(column, props.sort))}
      dataSource={props.rows ?? []}
      rowKey={(row) => (typeof props.rowKey === 'function' ? props.rowKey(row) : String(row[props.rowKey]))}
      pagination={props.pagination ?? false}
      locale={{
        emptyText: (
          <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={props.empty.text}>
            {props.empty.action}
          </Empty>
        ),
      }}
      onChange={props.onChange}
      rowClassName={props.rowClassName}
      showSorterTooltip={false}
    />
  )
}

function toAntColumn<Row extends object>(
  column: Column<Row>,
  sort: DataTableProps<Row>['sort'],
): NonNullable<TableProps<Row>['columns']>[number] {
  const isFigure = column.kind === 'money' || column.kind === 'number'
  const order = sort?.order === 'asc' ? ('ascend' as const) : ('descend' as const)
  return {
    key: column.key,
    title: column.title,
    align: isFigure ? 'end' : 'start',
    width: column.width,
    ...(column.isSortable && { sorter: true, sortOrder: sort?.by === column.key ? order : null }),
    onCell: () => ({
      style: column.kind === 'long' ? { minWidth: 200, overflowWrap: 'anywhere' } : { whiteSpace: 'nowrap' },
    }),
    render: (_, row) =>
      column.render ? column.render(row) : byKind(column.kind, row[column.key as keyof Row]),
  }
}

function byKind(kind: ColumnBase['kind'], value: unknown): ReactNode {
  if (value === null || value === undefined || value === '') return '—'
  const text = typeof value === 'string' ? value : String(value as number | boolean)
  if (kind === 'money') return <Money amount={text} />
  if (kind === 'time') return <Time at={text} />
  if (kind === 'id') return <CopyText text={text} short />
  if (kind === 'number') return Number(value).toLocaleString('en-US')
  return text
}

import { ReloadOutlined, SettingOutlined } from '@ant-design/icons'
import { Button, Checkbox, Flex, Popover, Skeleton, Tooltip } from 'antd'
import type { TablePaginationConfig, TableProps } from 'antd'
import { useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { later } from './later'
import { Panel } from './Panel'
import { ProblemView } from './ProblemView'
import { stored, useStored, type Stored } from './stored'

export interface ColumnBase {
  title: string
  /** `money` and `number` stand right; `id` can be copied; `long` text wraps. */
  kind?: 'text' | 'long' | 'money' | 'number' | 'time' | 'id'
  /** The server can order the list by it: its key is a value of `sort_by`. */
  isSortable?: boolean
  /** Hidden until somebody chooses it. */
  isHidden?: boolean
  width?: number
}

/** A column shows a field of the row by its kind, or whatever it renders. */
export type Column<Row> = ColumnBase &
  (
    | { key: keyof Row & string; render?: (row: Row) => ReactNode }
    | { key: string; render: (row: Row) => ReactNode }
  )

export interface DataTableProps<Row> {
  /** Remembers the choice of columns. */
  name: string
  columns: Column<Row>[]
  rows: Row[] | undefined
  /** A field, or what is made of several where no field tells rows apart. */
  rowKey: (keyof Row & string) | ((row: Row) => string)
  isLoading?: boolean
  isFetching?: boolean
  error?: unknown
  onRefresh?: () => void
  /** What to do when there is nothing. */
  empty: { text: string; action?: ReactNode }
  /** Stands over the table, as filters do. */
  toolbar?: ReactNode
  pagination?: TablePaginationConfig | false
  sort?: { by?: string; order?: 'asc' | 'desc' }
  onChange?: TableProps<Row>['onChange']
  rowClassName?: (row: Row) => string
}

const waiting = (
  <div style={{ padding: '0 16px 16px' }} aria-busy>
    <Skeleton active title={false} paragraph={{ rows: 8, width: '100%' }} />
  </div>
)

const TableBody = later<DataTableProps<never>>(() => import('./TableBody'), waiting)

/** The look of every list: toolbar, choice of columns, skeleton, empty state, failure. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const store = choiceOf(props.name)
  const changed = useStored(store)
  const isShown = (column: Column<Row>) => changed.includes(column.key) === (column.isHidden === true)
  const toggle = (key: string) => {
    store.set(changed.includes(key) ? changed.filter((other) => other !== key) : [...changed, key])
  }
  return (
    <Panel isPadded={false}>
      <Flex justify="space-between" align="start" gap={8} style={{ padding: 12 }} className="no-print">
        <div style={{ flex: 1, minWidth: 0 }}>{props.toolbar}</div>
        <TableTools {...props} isShown={isShown} toggle={toggle} />
      </Flex>
      {Boolean(props.error) && (
        <div style={{ padding: '0 12px 12px' }}>
          <ProblemView error={props.error} onRetry={props.onRefresh} />
        </div>
      )}
      {/* What was read before stays while it cannot be read again. */}
      {(!props.error || props.rows) && <Rows {...props} columns={props.columns.filter(isShown)} />}
    </Panel>
  )
}

/** Keys of columns whose visibility was changed, by table. */
const choices = new Map<string, Stored<string[]>>()

function choiceOf(name: string): Stored<string[]> {
  const known = choices.get(name)
  if (known) return known
  const created = stored(`columns.${name}`, (text) => (text === null ? [] : (JSON.parse(text) as string[])))
  choices.set(name, created)
  return created
}

function TableTools<Row>({
  columns,
  isFetching,
  onRefresh,
  isShown,
  toggle,
}: DataTableProps<Row> & { isShown: (column: Column<Row>) => boolean; toggle: (key: string) => void }) {
  const { t } = useTranslation()
  const choice = (
    <Flex vertical gap={6}>
      {columns.map((column) => (
        <Checkbox
          key={column.key}
          checked={isShown(column)}
          onChange={() => {
            toggle(column.key)
          }}
        >
          {column.title}
        </Checkbox>
      ))}
    </Flex>
  )
  return (
    <Flex gap={4}>
      {onRefresh && (
        <Tooltip title={t('refresh')}>
          <Button
            type="text"
            aria-label={t('refresh')}
            icon={<ReloadOutlined spin={isFetching} />}
            onClick={onRefresh}
          />
        </Tooltip>
      )}
      <Popover trigger="click" placement="bottomRight" title={t('table.columns')} content={choice}>
        <Button type="text" aria-label={t('table.columns')} icon={<SettingOutlined />} />
      </Popover>
    </Flex>
  )
}

function Rows<Row extends object>(props: DataTableProps<Row>) {
  useEffect(() => {
    // The table is fetched beside the rows, not after them.
    void import('./TableBody')
  }, [])
  return props.isLoading ? waiting : <TableBody {...(props as unknown as DataTableProps<never>)} />
}

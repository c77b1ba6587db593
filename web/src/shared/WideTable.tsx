import { Table, type TableProps, type TableRef } from 'antd'
import { useEffect, useRef } from 'react'

/** A table that scrolls within its frame where it is wider; then the frame takes the focus, so that arrow keys scroll it. */
export function WideTable<Row extends object>(props: TableProps<Row>) {
  const table = useRef<TableRef>(null)
  useEffect(() => {
    const frame = table.current?.nativeElement.querySelector<HTMLElement>('.ant-table-content')
    const content = frame?.firstElementChild
    if (!frame || !content) return undefined
    const observer = new ResizeObserver(() => {
      if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0
      else frame.removeAttribute('tabindex')
    })
    observer.observe(frame)
    observer.observe(content)
    return () => {
      observer.disconnect()
    }
  }, [])
  return <Table<Row> ref={table} size="small" scroll={{ x: 'max-content' }} {...props} />
}

import { Tooltip } from 'antd'
import i18next from 'i18next'

/** The code as the caller saw it, and what it means: on hover, or beside it where there is room. */
export function RefusalReason({ code, isLong }: { code: string; isLong?: boolean }) {
  const path = `common:errors.${code}`
  const words = i18next.exists(path) ? i18next.t(path as 'common:errors.INTERNAL_ERROR') : undefined
  const shown = <span className="code">{code}</span>
  if (!isLong) return <Tooltip title={words}>{shown}</Tooltip>
  return (
    <>
      {words} {shown}
    </>
  )
}

import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { businessZone, formatTime } from './time'

interface TimeProps {
  at: string | null | undefined
  precision?: 'date' | 'minute'
  /** Shown when there is no time. */
  absent?: string
}

/** A time in the business time zone; the exact one appears on hover and focus. */
export function Time({ at, precision = 'minute', absent = '—' }: TimeProps) {
  const { t } = useTranslation()
  if (!at) return <span>{absent}</span>
  const exact = `${formatTime(at, 'exact')} · ${t('time.zone', { zone: businessZone })}`
  return (
    <Tooltip title={exact}>
      <time dateTime={at} className="figures" style={{ whiteSpace: 'nowrap' }}>
        {formatTime(at, precision)}
      </time>
    </Tooltip>
  )
}

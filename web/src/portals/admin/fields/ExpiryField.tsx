import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { addToDate, formatTime, startOfDate, today } from '@/shared/time'

interface ExpiryFieldProps {
  id?: string
  value?: string | null
  onChange?: (value: string | null) => void
}

/** The last day of a grant, whose instant is the end of that day in the business time zone; no day means for ever. */
export function ExpiryField({ id, value, onChange }: ExpiryFieldProps) {
  const { t } = useTranslation(['admin', 'common'])
  const now = today()
  const presets = [
    { label: t('grants.inMonths', { count: 1 }), value: dayjs(addToDate(now, 1, 'month')) },
    { label: t('grants.inMonths', { count: 3 }), value: dayjs(addToDate(now, 3, 'month')) },
    { label: t('grants.inMonths', { count: 6 }), value: dayjs(addToDate(now, 6, 'month')) },
    { label: t('grants.inYears', { count: 1 }), value: dayjs(addToDate(now, 12, 'month')) },
  ]
  return (
    <DatePicker
      id={id}
      value={value ? dayjs(formatTime(new Date(Date.parse(value) - 1).toISOString(), 'date')) : null}
      placeholder={t('grants.expiryPlaceholder')}
      presets={presets}
      minDate={dayjs(now)}
      style={{ width: '100%' }}
      onChange={(_, text) => {
        const day = [text].flat()[0]
        onChange?.(day ? startOfDate(addToDate(day, 1)) : null)
      }}
    />
  )
}

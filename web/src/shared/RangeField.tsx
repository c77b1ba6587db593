import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { addToDate, daysToRange, rangeToDays, today } from './time'
import { textOf, type Search } from './url-state'

interface RangeFieldProps {
  search: Search
  narrow: (changes: Search) => void
}

/** Chooses whole days of the business time zone. */
export default function RangeField({ search, narrow }: RangeFieldProps) {
  const { t } = useTranslation()
  const days = rangeToDays({ start_time: textOf(search, 'start_time'), end_time: textOf(search, 'end_time') })
  const now = today()
  const month = `${now.slice(0, 7)}-01`
  const presets: [string, string, string][] = [
    [t('range.today'), now, now],
    [t('range.yesterday'), addToDate(now, -1), addToDate(now, -1)],
    [t('range.last7'), addToDate(now, -6), now],
    [t('range.last30'), addToDate(now, -29), now],
    [t('range.thisMonth'), month, now],
    [t('range.lastMonth'), addToDate(month, -1, 'month'), addToDate(month, -1)],
  ]
  return (
    <DatePicker.RangePicker
      value={days ? [dayjs(days[0]), dayjs(days[1])] : null}
      placeholder={[t('range.start'), t('range.end')]}
      aria-label={t('range.start')}
      presets={presets.map(([label, first, last]) => ({ label, value: [dayjs(first), dayjs(last)] }))}
      style={{ width: 250 }}
      onChange={(_, texts) => {
        // The picker speaks of dates only; which instants they are is decided in the business time zone.
        const [first, last] = texts ?? []
        narrow(first && last ? daysToRange(first, last) : { start_time: undefined, end_time: undefined })
      }}
    />
  )
}

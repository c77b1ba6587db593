import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { today } from '@/shared/time'

/** Chooses a month that has begun, as `YYYY-MM`. */
export default function MonthField({
  month,
  onChange,
}: {
  month: string
  onChange: (month: string) => void
}) {
  const { t } = useTranslation(['finance', 'common'])
  return (
    <DatePicker
      picker="month"
      value={dayjs(`${month}-01`)}
      maxDate={dayjs(today())}
      allowClear={false}
      aria-label={t('dashboard.month')}
      style={{ width: 130 }}
      onChange={(chosen) => {
        if (chosen) onChange(chosen.format('YYYY-MM'))
      }}
    />
  )
}

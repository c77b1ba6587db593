import { DatePicker } from 'antd'
import dayjs from 'dayjs'

interface DayFieldProps {
  id?: string
  /** `YYYY-MM-DD`, as the API has it. */
  value?: string
  onChange?: (date: string | undefined) => void
  /** The last day that can be chosen. */
  max?: string
}

/** A date as a form field. */
export default function DayField({ id, value, onChange, max }: DayFieldProps) {
  return (
    <DatePicker
      id={id}
      value={value ? dayjs(value) : null}
      maxDate={max ? dayjs(max) : undefined}
      allowClear={false}
      style={{ width: '100%' }}
      onChange={(day) => {
        onChange?.(day?.format('YYYY-MM-DD'))
      }}
    />
  )
}

import { Progress } from 'antd'
import { useTranslation } from 'react-i18next'

/** A share of all as a bar with its figure. */
export function ShareBar({ percent }: { percent: number }) {
  const { t } = useTranslation(['finance', 'common'])
  return (
    <Progress
      percent={percent}
      size="small"
      status="normal"
      aria-label={t('customers.share')}
      format={(value) => `${(value ?? 0).toFixed(2)}%`}
      style={{ minWidth: 160, margin: 0 }}
    />
  )
}

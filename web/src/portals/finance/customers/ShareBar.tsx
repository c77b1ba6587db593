import { useTranslation } from 'react-i18next'
import { ShareBar as Bar } from '@/shared/ShareBar'

/** A share of the consumption of all customers. */
export function ShareBar({ percent }: { percent: number }) {
  const { t } = useTranslation(['finance', 'common'])
  return (
    <Bar percent={percent} label={t('customers.share')}>
      {percent.toFixed(2)}%
    </Bar>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import { listAuthorizedAppsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { LinkButton } from '@/shared/LinkButton'
import { formatMoney } from '@/shared/money'
import { useLimits } from '../parts/useLimits'
import { cheapestGameOf, lowReason } from './forecast'
import { useForecast } from './useForecast'

/** Says that money is running out, before a game is refused for it. */
export function LowNotice() {
  const { t } = useTranslation(['operator', 'common'])
  const { balance, expected, isReady } = useForecast()
  const apps = useQuery({ ...listAuthorizedAppsOptions(), select: unwrap })
  const threshold = useLimits().data?.low_balance_threshold
  if (!isReady || balance === undefined || !apps.data || threshold === undefined) return null
  const reason = lowReason({
    balance,
    hours: expected?.hours,
    cheapestGame: cheapestGameOf(apps.data.applications),
    threshold,
  })
  if (!reason) return null
  return (
    <Alert
      type={reason === 'empty' ? 'error' : 'warning'}
      showIcon
      title={t(`dashboard.low.${reason}`, { threshold: formatMoney(threshold) })}
      description={t('dashboard.low.hint', { amount: formatMoney(balance) })}
      action={
        <LinkButton to="/operator/top-up" look="primary">
          {t('topUp.title')}
        </LinkButton>
      }
    />
  )
}

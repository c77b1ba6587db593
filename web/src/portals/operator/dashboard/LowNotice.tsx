import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import {
  listAuthorizedAppsOptions,
  listMessagesOptions,
  listTransactionsOptions,
} from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { LinkButton } from '@/shared/LinkButton'
import { formatMoney } from '@/shared/money'
import { cheapestGameOf, lowReason } from './forecast'
import { useForecast } from './useForecast'
import { unreadQuery } from './Unread'

/** Says that money is running out, before a game is refused for it. */
export function LowNotice() {
  const { t } = useTranslation(['operator', 'common'])
  const { balance, expected, isReady } = useForecast()
  const apps = useQuery({ ...listAuthorizedAppsOptions(), select: unwrap })
  const messages = useQuery(listMessagesOptions(unreadQuery))
  const topUps = useQuery(listTransactionsOptions({ query: { type: 'recharge', page_size: 1 } }))
  if (!isReady || balance === undefined || !apps.data || !messages.data || !topUps.data) return null
  const reason = lowReason({
    balance,
    hours: expected?.hours,
    cheapestGame: cheapestGameOf(apps.data.applications),
    remindedAt: messages.data.items.find(({ type }) => type === 'balance_low')?.created_at,
    toppedUpAt: topUps.data.items[0]?.created_at,
  })
  if (!reason) return null
  return (
    <Alert
      type={reason === 'empty' ? 'error' : 'warning'}
      showIcon
      title={t(`dashboard.low.${reason}`)}
      description={t('dashboard.low.hint', { amount: formatMoney(balance) })}
      action={
        <LinkButton to="/operator/top-up" look="primary">
          {t('topUp.title')}
        </LinkButton>
      }
    />
  )
}

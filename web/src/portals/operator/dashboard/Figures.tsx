import { QuestionCircleOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { listMessagesOptions } from '@/api/generated/@tanstack/react-query.gen'
import { formatMoney } from '@/shared/money'
import { Money } from '@/shared/Money'
import { LiveMoney } from '../LiveMoney'
import { Tile, Tiles } from '../Tiles'
import { useForecast } from './useForecast'

const count = (value: number) => value.toLocaleString('en-US')

/** Balance, today, and how long the balance lasts. */
export function Figures() {
  const { t } = useTranslation(['operator', 'common'])
  const { balance, points } = useForecast()
  const messages = useQuery(listMessagesOptions({ query: { page_size: 1 } }))
  const unread = messages.data?.unread_count
  const today = points?.at(-1)
  const yesterday = points?.at(-2)
  const before = (value: string | undefined) =>
    value === undefined ? '' : t('dashboard.yesterday', { value })
  return (
    <Tiles>
      <Tile
        label={t('dashboard.balance')}
        value={balance !== undefined && <LiveMoney amount={balance} />}
        hint={<Link to="/operator/transactions">{t('transactions.title')}</Link>}
      />
      <TimeLeft />
      <Tile
        label={t('dashboard.consumption')}
        value={today && <Money amount={today.total_cost} />}
        hint={before(yesterday && formatMoney(yesterday.total_cost))}
      />
      <Tile
        label={t('dashboard.sessions')}
        value={today && count(today.total_sessions)}
        hint={before(yesterday && count(yesterday.total_sessions))}
      />
      <Tile
        label={t('dashboard.players')}
        value={today && count(today.total_players)}
        hint={before(yesterday && count(yesterday.total_players))}
      />
      <Tile
        label={t('dashboard.unread')}
        value={unread !== undefined && count(unread)}
        hint={
          <Link to="/operator/messages" search={{ unread_only: 'true' } as never}>
            {t('dashboard.unreadHint')}
          </Link>
        }
      />
    </Tiles>
  )
}

function TimeLeft() {
  const { t } = useTranslation(['operator', 'common'])
  const { balance, expected, isReady } = useForecast()
  const how = (
    <Tooltip title={t('dashboard.leftHow')} trigger={['hover', 'focus', 'click']}>
      <Button
        type="text"
        size="small"
        aria-label={t('dashboard.leftHowLabel')}
        icon={<QuestionCircleOutlined />}
        style={{ height: 20 }}
      />
    </Tooltip>
  )
  const words = () => {
    if (balance === '0.00') return t('dashboard.leftNone')
    if (!expected) return t('dashboard.leftUnknown')
    if (expected.hours < 48) return t('dashboard.leftHours', { count: expected.hours })
    const days = Math.floor(expected.hours / 24)
    return days > 365 ? t('dashboard.leftLong') : t('dashboard.leftDays', { count: days })
  }
  const why = expected
    ? t('dashboard.leftWhy', { days: expected.days, amount: formatMoney(expected.perDay) })
    : t('dashboard.leftWhyNot')
  return (
    <Tile
      label={
        <>
          {t('dashboard.left')} {how}
        </>
      }
      value={isReady && words()}
      hint={isReady && why}
    />
  )
}

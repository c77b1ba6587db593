import { MailOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Badge } from 'antd'
import { useTranslation } from 'react-i18next'
import { getBalanceOptions, listMessagesOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { LinkButton } from '@/shared/LinkButton'
import { Money } from '@/shared/Money'

/** The balance and the unread messages, on every page of the portal; both follow the live stream. */
export default function HeaderExtras() {
  const { t } = useTranslation(['operator', 'common'])
  const balance = useQuery({ ...getBalanceOptions(), select: unwrap })
  const messages = useQuery(listMessagesOptions({ query: { page_size: 1 } }))
  const unread = messages.data?.unread_count ?? 0
  return (
    <>
      {balance.data && (
        <span aria-live="polite">
          {t('header.balance')} <Money amount={balance.data.balance} strong />
        </span>
      )}
      <LinkButton
        to="/operator/messages"
        look="text"
        aria-label={unread > 0 ? t('header.unread', { count: unread }) : t('header.messages')}
        icon={
          <Badge count={unread} size="small">
            <MailOutlined />
          </Badge>
        }
      />
    </>
  )
}

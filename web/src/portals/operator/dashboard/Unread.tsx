import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Empty, Flex, Skeleton, theme } from 'antd'
import { useTranslation } from 'react-i18next'
import { listMessagesOptions } from '@/api/generated/@tanstack/react-query.gen'
import { Panel } from '@/shared/Panel'
import { Time } from '@/shared/Time'

const shown = 5

/** The newest messages that nobody has read. */
export function Unread() {
  const { t } = useTranslation(['operator', 'common'])
  const { token } = theme.useToken()
  const { data } = useQuery(listMessagesOptions({ query: { unread_only: true, page_size: shown } }))
  return (
    <Panel
      title={t('dashboard.unread')}
      extra={<Link to="/operator/messages">{t('dashboard.allMessages')}</Link>}
      isBusy={!data}
    >
      {!data && <Skeleton active title={false} paragraph={{ rows: 3 }} />}
      {data?.items.length === 0 && (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('dashboard.noUnread')} />
      )}
      <Flex vertical gap={12}>
        {data?.items.map((message) => (
          <div key={message.message_id}>
            <Flex justify="space-between" gap={12} wrap>
              <strong>{message.title}</strong>
              <Time at={message.created_at} />
            </Flex>
            <div
              style={{
                color: token.colorTextSecondary,
                whiteSpace: 'nowrap',
                overflow: 'hidden',
                textOverflow: 'ellipsis',
              }}
            >
              {message.content}
            </div>
          </div>
        ))}
      </Flex>
    </Panel>
  )
}

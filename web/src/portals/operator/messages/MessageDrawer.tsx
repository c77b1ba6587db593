import { Flex } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { listMessages, readMessage, type MessagesAnswer } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { LinkButton } from '@/shared/LinkButton'
import { StatusTag } from '@/shared/StatusTag'
import { Time } from '@/shared/Time'
import { useListed } from '../parts/listed'
import { ListedDrawer } from '../parts/ListedDrawer'
import { messageTones } from './tones'

type Message = MessagesAnswer['items'][number]

/** Where a message of this kind is acted on. */
const places: Partial<Record<Message['type'], string>> = {
  price_change: '/operator/apps',
  balance_low: '/operator/top-up',
  authorization: '/operator/apps',
}

/** A message in full; opening it is reading it. */
export default function MessageDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation(['operator', 'common'])
  const { mutate: read } = useAct(readMessage)
  const query = useListed<Message>(
    'listMessages',
    async (page) => (await listMessages({ query: page })).data,
    (message) => message.message_id === id,
    id,
  )
  const isUnread = query.data?.is_read === false
  useEffect(() => {
    if (isUnread) read({ path: { id } })
  }, [isUnread, id, read])
  return (
    <ListedDrawer title={query.data?.title ?? t('messages.title')} query={query} onClose={onClose}>
      {({ type, content, created_at }) => (
        <Flex vertical gap={16} align="start">
          <Flex gap={12} align="center">
            <StatusTag tone={messageTones[type]}>{t(`messages.type.${type}`)}</StatusTag>
            <Time at={created_at} />
          </Flex>
          <div style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>{content}</div>
          {places[type] && (
            <LinkButton to={places[type]}>{t(`messages.act.${type as 'balance_low'}`)}</LinkButton>
          )}
        </Flex>
      )}
    </ListedDrawer>
  )
}

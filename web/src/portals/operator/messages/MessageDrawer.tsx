import { useQuery } from '@tanstack/react-query'
import { Flex } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { readMessage, type MessageItem } from '@/api/generated'
import { getMessageOptions } from '@/api/generated/@tanstack/react-query.gen'
import { useAct } from '@/shared/api/act'
import { unwrap } from '@/shared/api/queries'
import { LinkButton } from '@/shared/LinkButton'
import { StatusTag } from '@/shared/StatusTag'
import { Time } from '@/shared/Time'
import { ListedDrawer } from '../parts/ListedDrawer'
import { messageTones } from './tones'

/** Where a message of this kind is acted on. */
const places: Partial<Record<MessageItem['type'], string>> = {
  price_change: '/operator/apps',
  balance_low: '/operator/top-up',
  authorization: '/operator/apps',
}

/** A message in full; opening it is reading it. */
export default function MessageDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation(['operator', 'common'])
  const { mutate: read } = useAct(readMessage)
  const query = useQuery({ ...getMessageOptions({ path: { id } }), select: unwrap })
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

import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { readAllMessages, readMessage, type MessagesAnswer } from '@/api/generated'
import { listMessagesOptions } from '@/api/generated/@tanstack/react-query.gen'
import { ActButton } from '@/shared/ActButton'
import { useAct } from '@/shared/api/act'
import type { Column } from '@/shared/DataTable'
import type { Filter } from '@/shared/FilterBar'
import { later } from '@/shared/later'
import { Page } from '@/shared/Page'
import { QueryTable } from '@/shared/QueryTable'
import { RowActions } from '@/shared/RowActions'
import { StatusTag } from '@/shared/StatusTag'
import type { Search } from '@/shared/url-state'
import { useShown } from '../parts/shown'
import { messageTones } from './tones'

const MessageDrawer = later(() => import('./MessageDrawer'))

type MessageItem = MessagesAnswer['items'][number]

export default function MessagesPage() {
  const { t } = useTranslation(['operator', 'common'])
  const readAll = useAct(readAllMessages, { done: t('messages.allRead') })
  const [shown, show] = useShown('message')
  const filters: Filter[] = [{ kind: 'toggle', name: 'unread_only', label: t('messages.unreadOnly') }]
  const columns: Column<MessageItem>[] = [
    {
      key: 'type',
      title: t('messages.kind'),
      render: ({ type }) => <StatusTag tone={messageTones[type]}>{t(`messages.type.${type}`)}</StatusTag>,
    },
    {
      key: 'content',
      title: t('messages.content'),
      kind: 'long',
      render: (message) => (
        <>
          <Link
            to="."
            search={((before: Search) => ({ ...before, message: message.message_id })) as never}
            resetScroll={false}
            style={{ fontWeight: message.is_read ? 400 : 600 }}
          >
            {message.title}
          </Link>
          <div style={{ opacity: 0.8, whiteSpace: 'pre-line' }}>{message.content}</div>
        </>
      ),
    },
    { key: 'created_at', title: t('messages.receivedAt'), kind: 'time' },
    {
      key: 'actions',
      title: t('common:actions'),
      render: (message) =>
        !message.is_read && (
          <RowActions>
            <ReadButton message={message} />
          </RowActions>
        ),
    },
  ]
  return (
    <Page
      actions={
        <ActButton act={readAll} request={{}}>
          {t('messages.readAll')}
        </ActButton>
      }
    >
      <QueryTable
        name="operator.messages"
        list={listMessagesOptions}
        columns={columns}
        rowKey="message_id"
        filters={filters}
        empty={{ text: t('messages.empty') }}
      />
      {shown && (
        <MessageDrawer
          key={shown}
          id={shown}
          onClose={() => {
            show(undefined)
          }}
        />
      )}
    </Page>
  )
}

function ReadButton({ message }: { message: MessageItem }) {
  const { t } = useTranslation(['operator', 'common'])
  const read = useAct(readMessage)
  return (
    <ActButton act={read} request={{ path: { id: message.message_id } }} type="link" size="small">
      {t('messages.markRead')}
    </ActButton>
  )
}

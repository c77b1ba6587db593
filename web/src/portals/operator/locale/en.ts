import type { SameKeys } from '@/shared/i18n/shape'
import money from './money-en'
import type zh from './zh'

export default {
  ...money,
  header: { balance: 'Balance', messages: 'Messages', unread: '{{count}} unread' },
  sites: {
    title: 'Sites',
    create: 'New site',
    edit: 'Edit site',
    delete: 'Delete site',
    deleteHint: 'Headset servers of “{{name}}” can no longer ask for authorization. The history is kept.',
    created: 'Site created',
    saved: 'Site saved',
    deleted: 'Site deleted',
    showDeleted: 'Show deleted',
    empty: 'No sites yet. Create the first one, then set up its headset server.',
    name: 'Name',
    address: 'Address',
    description: 'Description',
    id: 'Id',
    state: 'State',
    active: 'Active',
    deletedState: 'Deleted',
    createdAt: 'Created',
  },
  messages: {
    title: 'Messages',
    readAll: 'Mark all as read',
    allRead: 'All marked as read',
    markRead: 'Mark as read',
    unreadOnly: 'Unread only',
    everything: 'All messages',
    state: 'Show',
    empty: 'No messages. Price changes, low balance, expiring grants and announcements appear here.',
    type: {
      system: 'Announcement',
      price_change: 'Price change',
      balance_low: 'Low balance',
      authorization: 'Grant',
    },
    kind: 'Type',
    content: 'Content',
    receivedAt: 'Time',
  },
} satisfies SameKeys<typeof zh>

import { EditOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AnnouncementItem } from '@/api/generated'
import { listAnnouncementsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { Allowed } from '@/shared/Allowed'
import type { Column } from '@/shared/DataTable'
import { later } from '@/shared/later'
import { LinkButton } from '@/shared/LinkButton'
import { Page } from '@/shared/Page'
import { QueryTable } from '@/shared/QueryTable'
import { ShareBar } from '@/shared/ShareBar'

const AnnouncementDrawer = later(() => import('./AnnouncementDrawer'))

export default function AnnouncementsPage() {
  const { t } = useTranslation(['admin', 'common'])
  const [opened, setOpened] = useState<AnnouncementItem>()
  const write = (
    <Allowed to="can_send_notifications">
      <LinkButton to="/admin/announcements/new" look="primary" icon={<EditOutlined />}>
        {t('announcements.write')}
      </LinkButton>
    </Allowed>
  )
  const columns: Column<AnnouncementItem>[] = [
    {
      key: 'title',
      title: t('announcements.subject'),
      kind: 'long',
      render: (announcement) => (
        <Button
          type="link"
          style={{ padding: 0, height: 'auto', whiteSpace: 'normal', textAlign: 'start' }}
          onClick={() => {
            setOpened(announcement)
          }}
        >
          {announcement.title}
        </Button>
      ),
    },
    { key: 'recipients_count', title: t('announcements.recipients'), kind: 'number' },
    {
      key: 'read_count',
      title: t('announcements.read'),
      width: 220,
      render: (announcement) => <ReadShare announcement={announcement} />,
    },
    { key: 'created_by', title: t('announcements.by') },
    { key: 'created_at', title: t('announcements.createdAt'), kind: 'time' },
    { key: 'announcement_id', title: t('announcements.id'), kind: 'id', isHidden: true },
  ]
  return (
    <Page actions={write}>
      <QueryTable
        name="admin.announcements"
        list={listAnnouncementsOptions}
        columns={columns}
        rowKey="announcement_id"
        empty={{ text: t('announcements.empty'), action: write }}
      />
      {opened && (
        <AnnouncementDrawer
          announcement={opened}
          onClose={() => {
            setOpened(undefined)
          }}
        />
      )}
    </Page>
  )
}

function ReadShare({ announcement }: { announcement: AnnouncementItem }) {
  const { t } = useTranslation(['admin', 'common'])
  const { read_count: read, recipients_count: total } = announcement
  const label = t('announcements.readOf', { read, total })
  return (
    <ShareBar percent={total === 0 ? 0 : Math.floor((read / total) * 100)} label={label}>
      {label}
    </ShareBar>
  )
}

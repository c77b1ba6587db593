import { Drawer, Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import type { AnnouncementItem } from '@/api/generated'
import { CopyText } from '@/shared/CopyText'
import { Facts } from '@/shared/Facts'
import { useReturnFocus } from '@/shared/return-focus'
import { Time } from '@/shared/Time'
import { MessagePreview } from './MessagePreview'

export default function AnnouncementDrawer({
  announcement,
  onClose,
}: {
  announcement: AnnouncementItem
  onClose: () => void
}) {
  useReturnFocus()
  const { t } = useTranslation(['admin', 'common'])
  const { read_count: read, recipients_count: total } = announcement
  return (
    <Drawer open title={announcement.title} size={520} onClose={onClose}>
      <Flex vertical gap={20}>
        <MessagePreview title={announcement.title} content={announcement.content} />
        <Facts
          items={[
            { label: t('announcements.read'), value: t('announcements.readOf', { read, total }) },
            { label: t('announcements.by'), value: announcement.created_by },
            { label: t('announcements.createdAt'), value: <Time at={announcement.created_at} /> },
            { label: t('announcements.id'), value: <CopyText text={announcement.announcement_id} short /> },
          ]}
        />
      </Flex>
    </Drawer>
  )
}

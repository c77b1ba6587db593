import { useTranslation } from 'react-i18next'
import type { UsageItem } from '@/api/generated'
import { listUsageRecordsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { CopyText } from '@/shared/CopyText'
import { Money } from '@/shared/Money'
import { formatMoney } from '@/shared/money'
import RecordDrawer from '@/shared/RecordDrawer'
import { Time } from '@/shared/Time'
import { formatDuration } from '@/shared/time'

/** A game that was charged, with every id that somebody may ask for. */
export default function UsageDrawer({ id }: { id: string }) {
  const { t } = useTranslation(['operator', 'common'])
  const ids = (usage: UsageItem) =>
    [
      [t('usage.id'), usage.usage_id],
      [t('usage.session'), usage.session_id],
      [t('usage.siteId'), usage.site_id],
      [t('usage.appId'), usage.app_id],
    ] as const
  return (
    <RecordDrawer<UsageItem>
      id={id}
      title={t('usage.detail')}
      list={listUsageRecordsOptions}
      idOf={(usage) => usage.usage_id}
      facts={(usage) => [
        { label: t('usage.cost'), value: <Money amount={usage.total_cost} strong /> },
        {
          label: t('usage.players'),
          value: t('usage.sum', { players: usage.player_count, price: formatMoney(usage.unit_price) }),
        },
        { label: t('usage.site'), value: usage.site_name },
        { label: t('usage.app'), value: usage.app_name },
        { label: t('usage.time'), value: <Time at={usage.created_at} /> },
        {
          label: t('usage.duration'),
          value:
            typeof usage.game_duration === 'number'
              ? formatDuration(usage.game_duration)
              : t('usage.durationNone'),
        },
        ...ids(usage).map(([label, text]) => ({ label, value: <CopyText text={text} />, isWide: true })),
      ]}
    />
  )
}

import { Table } from 'antd'
import { useTranslation } from 'react-i18next'
import type { BandItem } from '@/api/generated'

/** Games by the number of their players. */
export default function BandTable({ bands }: { bands: BandItem[] }) {
  const { t } = useTranslation(['operator', 'common'])
  return (
    <Table<BandItem>
      size="small"
      rowKey="band"
      dataSource={bands}
      pagination={false}
      columns={[
        {
          title: t('statistics.band'),
          render: (_, { band }) => t('statistics.bandOf', { band: band.replace('-', '–') }),
        },
        {
          title: t('statistics.sessions'),
          align: 'end',
          render: (_, { total_sessions }) => total_sessions.toLocaleString('en-US'),
        },
        {
          title: t('statistics.share'),
          align: 'end',
          render: (_, { percentage }) => `${percentage.toFixed(2)}%`,
        },
      ]}
    />
  )
}

import { useTranslation } from 'react-i18next'
import { listAllRechargesOptions } from '@/api/generated/@tanstack/react-query.gen'
import { UrlTabs } from '@/shared/DetailPage'
import { later } from '@/shared/later'
import { Page } from '@/shared/Page'
import { QueryTable } from '../parts/LaterQueryTable'
import { CountedLabel } from '../parts/CountedLabel'
import { useCustomerFilter } from '../parts/useCustomerFilter'
import { useAbnormalOrders } from '../parts/useWaiting'
import { useOrderColumns, useOrderFilters } from './columns'

const AllIncidents = later(() => import('./AllIncidents'))

export default function RechargesPage() {
  const { t } = useTranslation(['finance', 'common'])
  const columns = useOrderColumns()
  const shared = { list: listAllRechargesOptions, rowKey: 'order_id' } as const
  return (
    <Page>
      <UrlTabs
        items={[
          {
            key: 'abnormal',
            label: <CountedLabel label={t('recharges.tabs.abnormal')} count={useAbnormalOrders()} />,
            children: (
              <QueryTable
                {...shared}
                name="finance.recharges.abnormal"
                columns={columns}
                fixed={{ status: 'abnormal' }}
                empty={{ text: t('recharges.emptyAbnormal') }}
              />
            ),
          },
          {
            key: 'all',
            label: t('recharges.tabs.all'),
            children: (
              <QueryTable
                {...shared}
                name="finance.recharges.all"
                columns={columns}
                filters={[useCustomerFilter(), ...useOrderFilters()]}
                empty={{ text: t('recharges.empty') }}
              />
            ),
          },
          { key: 'incidents', label: t('recharges.tabs.incidents'), children: <AllIncidents /> },
        ]}
      />
    </Page>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Badge } from 'antd'
import { useTranslation } from 'react-i18next'
import { getAdminDashboardOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'

/** How many requests wait, in the menu of every page. */
export default function WaitingBadge() {
  const { t } = useTranslation(['admin', 'common'])
  const dashboard = useQuery({ ...getAdminDashboardOptions(), select: unwrap })
  const count = dashboard.data?.pending_requests ?? 0
  return <Badge count={count} size="small" title={t('requests.waiting', { count })} />
}

import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import { getOperatorOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { DetailPage, useParam } from '@/shared/DetailPage'
import { later } from '@/shared/later'
import { formatTime } from '@/shared/time'
import { useCan } from '@/shared/session/can'
import { OperatorActions } from './OperatorActions'
import { OperatorOverview } from './OperatorOverview'
import { CategoryTag, OperatorState } from './OperatorTags'

const OperatorGrants = later(() => import('./OperatorGrants'))
const OperatorLogs = later(() => import('./OperatorLogs'))
const OperatorSites = later(() => import('./OperatorSites'))
const OperatorUsage = later(() => import('./OperatorUsage'))

export default function OperatorPage() {
  const { t } = useTranslation(['admin', 'common'])
  const can = useCan()
  const id = useParam('id')
  const seesMoney = can('can_view_financial_data')
  // The server shows the audit log to those who may see the money that is in it.
  const logs = { key: 'logs', label: t('operators.tabs.logs'), children: <OperatorLogs id={id} /> }
  const query = useQuery({ ...getOperatorOptions({ path: { id } }), select: unwrap })
  return (
    <DetailPage
      query={query}
      title={(operator) => operator.name}
      tags={(operator) => (
        <>
          <CategoryTag category={operator.category} />
          <OperatorState operator={operator} />
        </>
      )}
      actions={(operator) => !operator.is_deactivated && <OperatorActions operator={operator} />}
      tabs={(operator) => [
        {
          key: 'overview',
          label: t(seesMoney ? 'operators.tabs.overview' : 'operators.tabs.overviewOnly'),
          children: <OperatorOverview operator={operator} />,
        },
        { key: 'sites', label: t('operators.tabs.sites'), children: <OperatorSites id={id} /> },
        {
          key: 'grants',
          label: t('operators.tabs.grants'),
          children: <OperatorGrants id={id} canGrow={!operator.is_deactivated} />,
        },
        { key: 'usage', label: t('operators.tabs.usage'), children: <OperatorUsage id={id} /> },
        ...(seesMoney ? [logs] : []),
      ]}
    >
      {({ locked_at, locked_reason }) =>
        locked_at && (
          <Alert
            type="warning"
            showIcon
            title={t('operators.lockedSince', { time: formatTime(locked_at), reason: locked_reason ?? '' })}
          />
        )
      }
    </DetailPage>
  )
}

import { useTranslation } from 'react-i18next'
import { listAuthorizationLogsOptions } from '@/api/generated/@tanstack/react-query.gen'
import type { Filter } from '@/shared/FilterBar'
import { later } from '@/shared/later'
import { useOpenRecord } from '@/shared/OpenRecord'
import { QueryTable } from '@/shared/QueryTable'
import { OperatorFilter } from '../fields/OperatorSelect'
import { useLogColumns, useResults } from './columns'

const LogDrawer = later(() => import('./LogDrawer'))

/** Calls of headset servers, of everybody or of one operator. */
export function LogTable({ operatorId }: { operatorId?: string }) {
  const { t } = useTranslation(['admin', 'common'])
  const opened = useOpenRecord()
  const isOfOperator = operatorId !== undefined
  const operator: Filter = {
    kind: 'custom',
    name: 'operator_id',
    label: t('logs.operator'),
    field: OperatorFilter,
  }
  const filters: Filter[] = [
    { kind: 'range' },
    ...(isOfOperator ? [] : [operator]),
    { kind: 'select', name: 'result', label: t('logs.result'), options: useResults() },
    { kind: 'keyword', name: 'ip', label: t('logs.ip') },
  ]
  return (
    <>
      <QueryTable
        name={isOfOperator ? 'admin.operator.logs' : 'admin.logs'}
        list={listAuthorizationLogsOptions}
        fixed={isOfOperator ? { operator_id: operatorId } : undefined}
        filters={filters}
        columns={useLogColumns(isOfOperator)}
        rowKey="log_id"
        empty={{ text: t('logs.empty') }}
      />
      {opened && <LogDrawer key={opened} id={opened} />}
    </>
  )
}

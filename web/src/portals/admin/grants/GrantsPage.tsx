import { useTranslation } from 'react-i18next'
import { listAuthorizationsOptions } from '@/api/generated/@tanstack/react-query.gen'
import type { Filter } from '@/shared/FilterBar'
import { Page } from '@/shared/Page'
import { QueryTable } from '@/shared/QueryTable'
import { textOf, useUrlState } from '@/shared/url-state'
import { AppFilter } from '../fields/AppSelect'
import { OperatorFilter } from '../fields/OperatorSelect'
import { useGrantColumns, useGrantStates } from './columns'
import { CreateGrant } from './CreateGrant'

export default function GrantsPage() {
  const { t } = useTranslation(['admin', 'common'])
  const [search] = useUrlState()
  const filters: Filter[] = [
    { kind: 'custom', name: 'operator_id', label: t('grants.operator'), field: OperatorFilter },
    { kind: 'custom', name: 'app_id', label: t('grants.app'), field: AppFilter },
    { kind: 'select', name: 'status', label: t('grants.state'), options: useGrantStates() },
  ]
  const create = <CreateGrant operatorId={textOf(search, 'operator_id')} appId={textOf(search, 'app_id')} />
  return (
    <Page actions={create}>
      <QueryTable
        name="admin.grants"
        list={listAuthorizationsOptions}
        columns={useGrantColumns()}
        rowKey="authorization_id"
        filters={filters}
        empty={{ text: t('grants.emptyAll'), action: create }}
      />
    </Page>
  )
}

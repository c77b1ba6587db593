import { useTranslation } from 'react-i18next'
import { listAuthorizationsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { QueryTable } from '@/shared/QueryTable'
import { useGrantColumns, useGrantStates } from '../grants/columns'

/** Which operators hold a grant of the app, or held one. */
export default function AppGrants({ id }: { id: string }) {
  const { t } = useTranslation(['admin', 'common'])
  return (
    <QueryTable
      name="admin.app.grants"
      list={listAuthorizationsOptions}
      fixed={{ app_id: id }}
      filters={[{ kind: 'select', name: 'status', label: t('grants.state'), options: useGrantStates() }]}
      columns={useGrantColumns('app')}
      rowKey="authorization_id"
      empty={{ text: t('grants.emptyApp') }}
    />
  )
}

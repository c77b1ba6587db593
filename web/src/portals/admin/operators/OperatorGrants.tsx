import { Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { listAuthorizationsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { QueryTable } from '@/shared/QueryTable'
import { useGrantColumns, useGrantStates } from '../grants/columns'
import { CreateGrant } from '../grants/CreateGrant'

export default function OperatorGrants({ id, canGrow }: { id: string; canGrow: boolean }) {
  const { t } = useTranslation(['admin', 'common'])
  const create = canGrow && <CreateGrant operatorId={id} />
  return (
    <Flex vertical gap={12}>
      <div style={{ alignSelf: 'end' }}>{create}</div>
      <QueryTable
        name="admin.operator.grants"
        list={listAuthorizationsOptions}
        fixed={{ operator_id: id }}
        filters={[{ kind: 'select', name: 'status', label: t('grants.state'), options: useGrantStates() }]}
        columns={useGrantColumns('operator')}
        rowKey="authorization_id"
        empty={{ text: t('grants.empty'), action: create }}
      />
    </Flex>
  )
}

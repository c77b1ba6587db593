import { useTranslation } from 'react-i18next'
import type { AuthorizationItem } from '@/api/generated'
import { listAuthorizationsOptions } from '@/api/generated/@tanstack/react-query.gen'
import type { Column } from '@/shared/DataTable'
import { QueryTable } from '@/shared/QueryTable'
import { StatusTag, type Tone } from '@/shared/StatusTag'
import { Time } from '@/shared/Time'

const grantTones: Record<AuthorizationItem['status'], Tone> = {
  active: 'good',
  expired: 'quiet',
  revoked: 'bad',
}

export default function OperatorGrants({ id }: { id: string }) {
  const { t } = useTranslation(['admin', 'common'])
  const columns: Column<AuthorizationItem>[] = [
    { key: 'app_name', title: t('grants.app') },
    {
      key: 'status',
      title: t('grants.state'),
      render: ({ status }) => <StatusTag tone={grantTones[status]}>{t(`grants.${status}`)}</StatusTag>,
    },
    { key: 'authorized_at', title: t('grants.authorizedAt'), kind: 'time' },
    {
      key: 'expires_at',
      title: t('grants.expiresAt'),
      render: (grant) => <Time at={grant.expires_at} absent={t('grants.forever')} />,
    },
    { key: 'authorized_by', title: t('grants.by') },
  ]
  return (
    <QueryTable
      name="admin.operator.grants"
      list={listAuthorizationsOptions}
      fixed={{ operator_id: id }}
      columns={columns}
      rowKey="authorization_id"
      empty={{ text: t('grants.empty') }}
    />
  )
}

import { useTranslation } from 'react-i18next'
import type { AuthorizationItem } from '@/api/generated'
import type { Column } from '@/shared/DataTable'
import { StatusTag, type Tone } from '@/shared/StatusTag'
import { Time } from '@/shared/Time'
import { AppLink } from '../fields/AppLink'
import { OperatorLink } from '../fields/OperatorLink'
import { GrantActions } from './GrantActions'

const tones: Record<AuthorizationItem['status'], Tone> = { active: 'good', expired: 'quiet', revoked: 'bad' }

export function useGrantStates(): { value: string; label: string }[] {
  const { t } = useTranslation(['admin', 'common'])
  const states = ['active', 'expired', 'revoked'] as const
  return states.map((value) => ({ value, label: t(`grants.${value}`) }))
}

/** The columns of every list of grants; `below` names whose page the list is on. */
export function useGrantColumns(below?: 'operator' | 'app'): Column<AuthorizationItem>[] {
  const { t } = useTranslation(['admin', 'common'])
  const operator: Column<AuthorizationItem> = {
    key: 'operator_name',
    title: t('grants.operator'),
    render: (grant) => <OperatorLink id={grant.operator_id} name={grant.operator_name} />,
  }
  const app: Column<AuthorizationItem> = {
    key: 'app_name',
    title: t('grants.app'),
    render: (grant) => <AppLink id={grant.app_id} name={grant.app_name} />,
  }
  return [
    ...(below === 'operator' ? [] : [operator]),
    ...(below === 'app' ? [] : [app]),
    {
      key: 'status',
      title: t('grants.state'),
      render: ({ status }) => <StatusTag tone={tones[status]}>{t(`grants.${status}`)}</StatusTag>,
    },
    { key: 'authorized_at', title: t('grants.authorizedAt'), kind: 'time' },
    {
      key: 'expires_at',
      title: t('grants.expiresAt'),
      render: (grant) => <Time at={grant.expires_at} absent={t('grants.forever')} />,
    },
    { key: 'authorized_by', title: t('grants.by') },
    { key: 'authorization_id', title: t('grants.id'), kind: 'id', isHidden: true },
    {
      key: 'actions',
      title: t('common:actions'),
      render: (grant) => grant.status !== 'revoked' && <GrantActions grant={grant} />,
    },
  ]
}

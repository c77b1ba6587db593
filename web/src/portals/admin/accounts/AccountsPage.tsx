import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountItem } from '@/api/generated'
import { listAccountsOptions } from '@/api/generated/@tanstack/react-query.gen'
import type { Column } from '@/shared/DataTable'
import type { Filter } from '@/shared/FilterBar'
import { later } from '@/shared/later'
import { Page } from '@/shared/Page'
import { QueryTable } from '@/shared/QueryTable'
import { useSession } from '@/shared/session/session'
import { StatusTag } from '@/shared/StatusTag'
import { AccountActions } from './AccountActions'
import { useStaffWords } from './words'

const CreateAccount = later(() => import('./CreateAccount'))
const EditAccount = later(() => import('./EditAccount'))

const kinds = ['admin', 'finance', 'analyst'] as const

export default function AccountsPage() {
  const { t } = useTranslation(['admin', 'common'])
  const [open, setOpen] = useState<AccountItem | 'new'>()
  const close = () => {
    setOpen(undefined)
  }
  const create = (
    <Button
      type="primary"
      icon={<PlusOutlined />}
      onClick={() => {
        setOpen('new')
      }}
    >
      {t('accounts.create')}
    </Button>
  )
  return (
    <Page actions={create}>
      <p style={{ margin: 0 }}>{t('accounts.lastSuperAdmin')}</p>
      <QueryTable
        name="admin.accounts"
        list={listAccountsOptions}
        columns={useColumns(setOpen)}
        rowKey="account_id"
        filters={useFilters()}
        empty={{ text: t('accounts.empty'), action: create }}
      />
      {open === 'new' && <CreateAccount onClose={close} />}
      {open && open !== 'new' && <EditAccount account={open} onClose={close} />}
    </Page>
  )
}

function useFilters(): Filter[] {
  const { t } = useTranslation(['admin', 'common'])
  return [
    { kind: 'keyword', name: 'keyword', label: t('accounts.keyword') },
    {
      kind: 'select',
      name: 'kind',
      label: t('accounts.kind'),
      options: kinds.map((value) => ({ value, label: t(`accounts.kinds.${value}`) })),
    },
    {
      kind: 'select',
      name: 'is_active',
      label: t('accounts.stateFilter'),
      options: [
        { value: 'true', label: t('accounts.active') },
        { value: 'false', label: t('accounts.inactive') },
      ],
    },
  ]
}

function useColumns(onEdit: (account: AccountItem) => void): Column<AccountItem>[] {
  const { t } = useTranslation(['admin', 'common'])
  const words = useStaffWords()
  const me = useSession()?.accountId
  return [
    {
      key: 'name',
      title: t('accounts.name'),
      render: (account) => (
        <>
          <strong>{account.name}</strong>{' '}
          {account.account_id === me && <StatusTag tone="special">{t('accounts.you')}</StatusTag>}
        </>
      ),
    },
    { key: 'username', title: t('accounts.username') },
    { key: 'kind', title: t('accounts.kind'), render: ({ kind }) => words.kind(kind) },
    { key: 'role', title: t('accounts.role'), render: ({ role }) => words.role(role) },
    {
      key: 'is_active',
      title: t('accounts.state'),
      render: ({ is_active: isActive }) => (
        <StatusTag tone={isActive ? 'good' : 'quiet'}>
          {t(isActive ? 'accounts.active' : 'accounts.inactive')}
        </StatusTag>
      ),
    },
    { key: 'phone', title: t('accounts.phone') },
    { key: 'email', title: t('accounts.email'), isHidden: true },
    { key: 'account_id', title: t('accounts.id'), kind: 'id', isHidden: true },
    { key: 'created_at', title: t('accounts.createdAt'), kind: 'time' },
    { key: 'updated_at', title: t('accounts.updatedAt'), kind: 'time', isHidden: true },
    {
      key: 'actions',
      title: t('common:actions'),
      render: (account) => <AccountActions account={account} onEdit={onEdit} />,
    },
  ]
}

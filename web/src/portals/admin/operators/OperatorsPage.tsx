import { PlusOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OperatorItem } from '@/api/generated'
import { listOperatorsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { Allowed } from '@/shared/Allowed'
import type { Column } from '@/shared/DataTable'
import type { Filter } from '@/shared/FilterBar'
import { later } from '@/shared/later'
import { Page } from '@/shared/Page'
import { QueryTable } from '@/shared/QueryTable'
import { useCan } from '@/shared/session/can'
import { CategoryTag, OperatorState } from './OperatorTags'

const CreateOperator = later(() => import('./CreateOperator'))
const ShownKey = later(() => import('./ShownKey'))

export default function OperatorsPage() {
  const { t } = useTranslation(['admin', 'common'])
  const [isCreating, setIsCreating] = useState(false)
  const [apiKey, setApiKey] = useState<string>()
  const create = (
    <Allowed to="can_manage_operators">
      <Button
        type="primary"
        icon={<PlusOutlined />}
        onClick={() => {
          setIsCreating(true)
        }}
      >
        {t('operators.create')}
      </Button>
    </Allowed>
  )
  return (
    <Page actions={create}>
      <QueryTable
        name="admin.operators"
        list={listOperatorsOptions}
        columns={useColumns()}
        rowKey="operator_id"
        filters={useFilters()}
        empty={{ text: t('operators.empty'), action: create }}
      />
      {isCreating && (
        <CreateOperator
          onClose={() => {
            setIsCreating(false)
          }}
          onKey={setApiKey}
        />
      )}
      {apiKey && (
        <ShownKey
          apiKey={apiKey}
          onClose={() => {
            setApiKey(undefined)
          }}
        />
      )}
    </Page>
  )
}

function useFilters(): Filter[] {
  const { t } = useTranslation(['admin', 'common'])
  const categories = ['trial', 'normal', 'vip'] as const
  return [
    { kind: 'keyword', name: 'keyword', label: t('operators.keyword') },
    {
      kind: 'select',
      name: 'category',
      label: t('operators.category'),
      options: categories.map((value) => ({ value, label: t(`common:category.${value}`) })),
    },
    {
      kind: 'select',
      name: 'locked',
      label: t('operators.lockFilter'),
      options: [
        { value: 'true', label: t('operators.locked') },
        { value: 'false', label: t('operators.unlocked') },
      ],
    },
    { kind: 'toggle', name: 'include_deactivated', label: t('operators.includeDeactivated') },
  ]
}

function useColumns(): Column<OperatorItem>[] {
  const { t } = useTranslation(['admin', 'common'])
  const can = useCan()
  const money: Column<OperatorItem>[] = [
    { key: 'balance', title: t('operators.balance'), kind: 'money', isSortable: true },
    { key: 'total_consumed', title: t('operators.totalConsumed'), kind: 'money', isSortable: true },
  ]
  return [
    {
      key: 'name',
      title: t('operators.name'),
      isSortable: true,
      render: (operator) => (
        <Link to="/admin/operators/$id" params={{ id: operator.operator_id }}>
          {operator.name}
        </Link>
      ),
    },
    { key: 'username', title: t('operators.username') },
    { key: 'phone', title: t('operators.phone') },
    { key: 'email', title: t('operators.email'), isHidden: true },
    {
      key: 'category',
      title: t('operators.category'),
      render: (operator) => <CategoryTag category={operator.category} />,
    },
    // The API leaves money out for staff who may not see it.
    ...(can('can_view_financial_data') ? money : []),
    {
      key: 'state',
      title: t('operators.state'),
      render: (operator) => <OperatorState operator={operator} />,
    },
    { key: 'operator_id', title: t('operators.id'), kind: 'id', isHidden: true },
    { key: 'created_at', title: t('operators.createdAt'), kind: 'time', isSortable: true },
  ]
}

import { Descriptions, Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { getOperatorApiKey, resetOperatorApiKey, type OperatorDetails } from '@/api/generated'
import { Allowed } from '@/shared/Allowed'
import { useAct } from '@/shared/api/act'
import { ConfirmAction } from '@/shared/ConfirmAction'
import { CopyText } from '@/shared/CopyText'
import { Money } from '@/shared/Money'
import { Panel } from '@/shared/Panel'
import { Time } from '@/shared/Time'
import { useCan } from '@/shared/session/can'
import { useShowKey } from './useShowKey'

export function OperatorOverview({ operator }: { operator: OperatorDetails }) {
  const { t } = useTranslation(['admin', 'common'])
  const can = useCan()
  const money = [
    { key: 'balance', label: t('operators.balance'), children: <Money amount={operator.balance} strong /> },
    {
      key: 'recharged',
      label: t('operators.totalRecharged'),
      children: <Money amount={operator.total_recharged} />,
    },
    {
      key: 'consumed',
      label: t('operators.totalConsumed'),
      children: <Money amount={operator.total_consumed} />,
    },
    {
      key: 'refunded',
      label: t('operators.totalRefunded'),
      children: <Money amount={operator.total_refunded} />,
    },
  ]
  return (
    <Flex vertical gap={16}>
      <Panel>
        <Descriptions
          column={{ xs: 1, sm: 2, xl: 4 }}
          layout="vertical"
          colon={false}
          items={[
            ...(can('can_view_financial_data') ? money : []),
            {
              key: 'sessions',
              label: t('operators.sessions'),
              children: operator.total_sessions.toLocaleString('en-US'),
            },
            { key: 'sites', label: t('operators.sites'), children: operator.sites_count },
            { key: 'grants', label: t('operators.grants'), children: operator.authorized_apps_count },
            {
              key: 'last',
              label: t('operators.lastTransaction'),
              children: <Time at={operator.last_transaction_at} />,
            },
            { key: 'username', label: t('operators.username'), children: operator.username },
            { key: 'phone', label: t('operators.phone'), children: operator.phone },
            { key: 'email', label: t('operators.email'), children: operator.email },
            { key: 'id', label: t('operators.id'), children: <CopyText text={operator.operator_id} short /> },
            { key: 'created', label: t('operators.createdAt'), children: <Time at={operator.created_at} /> },
            { key: 'updated', label: t('operators.updatedAt'), children: <Time at={operator.updated_at} /> },
          ]}
        />
      </Panel>
      {!operator.is_deactivated && (
        <Allowed to="can_reset_api_keys">
          <ApiKey operator={operator} />
        </Allowed>
      )}
    </Flex>
  )
}

function ApiKey({ operator }: { operator: OperatorDetails }) {
  const { t } = useTranslation(['admin', 'common'])
  const showKey = useShowKey()
  const view = useAct(getOperatorApiKey)
  const reset = useAct(resetOperatorApiKey, { done: t('key.resetDone') })
  const path = { id: operator.operator_id }
  return (
    <Panel title={t('key.title')}>
      <Flex justify="space-between" align="center" gap={12} wrap>
        <span>{t('key.hint')}</span>
        <Flex gap={8} wrap>
          <ConfirmAction
            label={t('key.view')}
            hint={t('key.viewHint', { name: operator.name })}
            act={view}
            request={() => ({ path })}
            onDone={(answer) => {
              showKey(answer.api_key)
            }}
          />
          <ConfirmAction
            label={t('key.reset')}
            hint={t('key.resetHint', { name: operator.name })}
            act={reset}
            request={({ reason }) => ({ path, body: { reason } })}
            reason={{ min: 10, max: 200 }}
            isDangerous
            onDone={(answer) => {
              showKey(answer.api_key)
            }}
          />
        </Flex>
      </Flex>
    </Panel>
  )
}

import { Flex } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getOperatorApiKey, resetOperatorApiKey, type OperatorDetails } from '@/api/generated'
import { Allowed } from '@/shared/Allowed'
import { useAct } from '@/shared/api/act'
import { ConfirmAction } from '@/shared/ConfirmAction'
import { CopyText } from '@/shared/CopyText'
import { Facts } from '@/shared/Facts'
import { later } from '@/shared/later'
import { Money } from '@/shared/Money'
import { Panel } from '@/shared/Panel'
import { Time } from '@/shared/Time'
import { useCan } from '@/shared/session/can'

const ConsumptionTrend = later(() => import('../dashboard/ConsumptionTrend'))
const ShownKey = later(() => import('./ShownKey'))

export function OperatorOverview({ operator }: { operator: OperatorDetails }) {
  const { t } = useTranslation(['admin', 'common'])
  const can = useCan()
  const money = [
    { label: t('operators.balance'), value: <Money amount={operator.balance} strong /> },
    { label: t('operators.totalRecharged'), value: <Money amount={operator.total_recharged} /> },
    { label: t('operators.totalConsumed'), value: <Money amount={operator.total_consumed} /> },
    { label: t('operators.totalRefunded'), value: <Money amount={operator.total_refunded} /> },
  ]
  return (
    <Flex vertical gap={16}>
      <Panel>
        <Facts
          items={[
            ...(can('can_view_financial_data') ? money : []),
            { label: t('operators.sessions'), value: operator.total_sessions.toLocaleString('en-US') },
            { label: t('operators.sites'), value: operator.sites_count },
            { label: t('operators.grants'), value: operator.authorized_apps_count },
            { label: t('operators.lastTransaction'), value: <Time at={operator.last_transaction_at} /> },
            { label: t('operators.username'), value: operator.username },
            { label: t('operators.phone'), value: operator.phone },
            { label: t('operators.email'), value: operator.email },
            { label: t('operators.id'), value: <CopyText text={operator.operator_id} short /> },
            { label: t('operators.createdAt'), value: <Time at={operator.created_at} /> },
            { label: t('operators.updatedAt'), value: <Time at={operator.updated_at} /> },
          ]}
        />
      </Panel>
      <Allowed to="can_view_financial_data">
        <ConsumptionTrend label={t('operators.trend')} operatorId={operator.operator_id} />
      </Allowed>
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
  const [apiKey, setApiKey] = useState<string>()
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
              setApiKey(answer.api_key)
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
              setApiKey(answer.api_key)
            }}
          />
        </Flex>
      </Flex>
      {apiKey && (
        <ShownKey
          apiKey={apiKey}
          onClose={() => {
            setApiKey(undefined)
          }}
        />
      )}
    </Panel>
  )
}

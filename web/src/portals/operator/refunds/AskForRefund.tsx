import { useQuery } from '@tanstack/react-query'
import { Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { requestRefund } from '@/api/generated'
import { getBalanceOptions } from '@/api/generated/@tanstack/react-query.gen'
import { useAct } from '@/shared/api/act'
import { unwrap } from '@/shared/api/queries'
import { ConfirmAction } from '@/shared/ConfirmAction'
import { formatMoney, toFen } from '@/shared/money'
import { Money } from '@/shared/Money'
import { ProblemView } from '@/shared/ProblemView'

/** The balance, and asking to have it back; what stands against it is said beside the button. */
export function AskForRefund({ isPending, isKnown }: { isPending: boolean; isKnown: boolean }) {
  const { t } = useTranslation(['operator', 'common'])
  const balance = useQuery({ ...getBalanceOptions(), select: unwrap })
  const ask = useAct(requestRefund, { done: t('refunds.asked') })
  if (balance.error) return <ProblemView error={balance.error} onRetry={() => void balance.refetch()} />
  const amount = balance.data?.balance ?? '0.00'
  const isEmpty = balance.data !== undefined && toFen(amount) === 0n
  let hint = t('refunds.hint')
  if (isPending) hint = t('refunds.onePending')
  else if (isEmpty) hint = t('refunds.noBalance')
  return (
    <Flex justify="space-between" align="center" gap={16} wrap>
      <div>
        <div>{t('refunds.balance')}</div>
        <div style={{ fontSize: 24, lineHeight: '36px' }}>
          {balance.data ? <Money amount={amount} strong /> : '—'}
        </div>
        <div style={{ opacity: 0.8 }}>{hint}</div>
      </div>
      <ConfirmAction
        label={t('refunds.ask')}
        hint={t('refunds.confirm', { amount: formatMoney(amount) })}
        act={ask}
        request={({ reason }) => ({ body: { reason } })}
        reason={{ min: 10, max: 500 }}
        button={{ type: 'primary', disabled: isPending || isEmpty || !isKnown || !balance.data }}
      />
    </Flex>
  )
}

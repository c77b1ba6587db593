import { useTranslation } from 'react-i18next'
import type { CustomerDetailsAnswer } from '@/api/generated'
import { CopyText } from '@/shared/CopyText'
import { Facts } from '@/shared/Facts'
import { Money } from '@/shared/Money'
import { Time } from '@/shared/Time'

/** The money of a customer and since when there is any. */
export function CustomerFacts({ customer }: { customer: CustomerDetailsAnswer }) {
  const { t } = useTranslation(['finance', 'common'])
  return (
    <Facts
      items={[
        { label: t('customers.balance'), value: <Money amount={customer.current_balance} strong /> },
        { label: t('customers.totalRecharged'), value: <Money amount={customer.total_recharged} /> },
        { label: t('customers.totalConsumed'), value: <Money amount={customer.total_consumed} /> },
        { label: t('customers.totalRefunded'), value: <Money amount={customer.total_refunded} /> },
        { label: t('customers.totalSessions'), value: customer.total_sessions.toLocaleString('en-US') },
        { label: t('customers.firstTransaction'), value: <Time at={customer.first_transaction_at} /> },
        { label: t('customers.lastTransaction'), value: <Time at={customer.last_transaction_at} /> },
        { label: t('operatorId'), value: <CopyText text={customer.operator_id} short /> },
      ]}
    />
  )
}

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getCustomerDetailsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { DetailPage, useParam } from '@/shared/DetailPage'
import { later } from '@/shared/later'
import { Panel } from '@/shared/Panel'
import { useCan } from '@/shared/session/can'
import { CategoryTag } from '../parts/tags'
import { CustomerFacts } from './CustomerFacts'

const CustomerRecharges = later(() => import('./CustomerRecharges'))
const CustomerTransactions = later(() => import('./CustomerTransactions'))
const CustomerRefunds = later(() => import('./CustomerRefunds'))
const CustomerInvoices = later(() => import('./CustomerInvoices'))

export default function CustomerPage() {
  const { t } = useTranslation(['finance', 'common'])
  const can = useCan()
  const id = useParam('id')
  const query = useQuery({
    ...getCustomerDetailsOptions({ path: { operator_id: id } }),
    select: unwrap,
  })
  return (
    <DetailPage
      query={query}
      title={(customer) => customer.operator_name}
      tags={(customer) => <CategoryTag category={customer.category} />}
      tabs={() => [
        ...(can('can_view_all_transactions')
          ? [
              {
                key: 'transactions',
                label: t('customers.tabs.transactions'),
                children: <CustomerTransactions id={id} />,
              },
            ]
          : []),
        { key: 'refunds', label: t('customers.tabs.refunds'), children: <CustomerRefunds id={id} /> },
        { key: 'invoices', label: t('customers.tabs.invoices'), children: <CustomerInvoices id={id} /> },
        { key: 'recharges', label: t('customers.tabs.recharges'), children: <CustomerRecharges id={id} /> },
      ]}
    >
      {(customer) => (
        <Panel>
          <CustomerFacts customer={customer} />
        </Panel>
      )}
    </DetailPage>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { BillRunItem } from '@/api/generated'
import {
  listReconciliationDifferencesOptions,
  listReconciliationsOptions,
} from '@/api/generated/@tanstack/react-query.gen'
import { useParam } from '@/shared/DetailPage'
import { Facts } from '@/shared/Facts'
import { Page } from '@/shared/Page'
import { Panel } from '@/shared/Panel'
import { QueryTable } from '../parts/LaterQueryTable'
import { Time } from '@/shared/Time'
import { keyOf, partsOf } from './bills'
import { BillTag, Differences, Total, useDifferenceColumns } from './columns'
import { RunAgain } from './RunAgain'

/** The bill of a day and channel: its totals and what does not agree. */
export default function BillPage() {
  const { t } = useTranslation(['finance', 'common'])
  const key = useParam('id')
  const { date, payment_method } = partsOf(key)
  // A bill by itself cannot be asked for; the latest hundred are 50 days of both channels.
  const bills = useQuery(listReconciliationsOptions({ query: { page_size: 100 } }))
  const bill = bills.data?.items.find((other) => keyOf(other) === key)
  return (
    <Page
      title={t('reconciliation.of', { channel: t(`channel.${payment_method}`), date })}
      tags={bill && <BillTag bill={bill} />}
      actions={<RunAgain bill={{ date, payment_method }} />}
    >
      {bill && <Totals bill={bill} />}
      <QueryTable
        name="finance.reconciliation.differences"
        list={listReconciliationDifferencesOptions}
        path={{ date, payment_method }}
        columns={useDifferenceColumns()}
        rowKey="difference_id"
        empty={{ text: t('reconciliation.emptyDifferences') }}
      />
    </Page>
  )
}

function Totals({ bill }: { bill: BillRunItem }) {
  const { t } = useTranslation(['finance', 'common'])
  return (
    <Panel>
      <Facts
        items={[
          {
            label: t('reconciliation.ours'),
            value: <Total amount={bill.ours_amount} count={bill.ours_count} />,
          },
          {
            label: t('reconciliation.theirs'),
            value: <Total amount={bill.theirs_amount} count={bill.theirs_count} />,
          },
          {
            label: t('reconciliation.refunds'),
            value: <Total amount={bill.refunds_amount} count={bill.refunds_count} />,
          },
          { label: t('reconciliation.differences'), value: <Differences bill={bill} /> },
          { label: t('reconciliation.runBy'), value: bill.run_by },
          { label: t('reconciliation.finishedAt'), value: <Time at={bill.finished_at} /> },
          ...(bill.error ? [{ label: t('reconciliation.error'), value: bill.error, isWide: true }] : []),
        ]}
      />
    </Panel>
  )
}

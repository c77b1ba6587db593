import { useQuery } from '@tanstack/react-query'
import { Button, Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import type { RefundItem } from '@/api/generated'
import { listRefundsOptions } from '@/api/generated/@tanstack/react-query.gen'
import type { Column } from '@/shared/DataTable'
import { later } from '@/shared/later'
import { Page } from '@/shared/Page'
import { Panel } from '@/shared/Panel'
import { QueryTable } from '@/shared/QueryTable'
import { RowActions } from '@/shared/RowActions'
import { StatusTag } from '@/shared/StatusTag'
import { useShown } from '../parts/shown'
import { AskForRefund } from './AskForRefund'
import { refundTones, stateOf } from './state'

const RefundDrawer = later(() => import('./RefundDrawer'))
const RefundSteps = later(() => import('./RefundSteps'))

export default function RefundsPage() {
  const { t } = useTranslation(['operator', 'common'])
  const [shown, show] = useShown('refund')
  const newest = useQuery(listRefundsOptions({ query: { page_size: 1 } }))
  const columns: Column<RefundItem>[] = [
    { key: 'created_at', title: t('refunds.askedAt'), kind: 'time' },
    { key: 'requested_amount', title: t('refunds.requested'), kind: 'money' },
    { key: 'actual_refund_amount', title: t('refunds.actual'), kind: 'money' },
    {
      key: 'state',
      title: t('refunds.stateTitle'),
      render: (refund) => (
        <StatusTag tone={refundTones[stateOf(refund)]}>{t(`refunds.state.${stateOf(refund)}`)}</StatusTag>
      ),
    },
    {
      key: 'next',
      title: t('refunds.nextTitle'),
      kind: 'long',
      render: (refund) =>
        refund.reject_reason
          ? t('refunds.rejectedBecause', { reason: refund.reject_reason })
          : t(`refunds.next.${stateOf(refund)}`),
    },
    { key: 'reason', title: t('refunds.reason'), kind: 'long', isHidden: true },
    { key: 'reviewed_at', title: t('refunds.reviewedAt'), kind: 'time' },
    { key: 'refund_id', title: t('refunds.id'), kind: 'id', isHidden: true },
    {
      key: 'actions',
      title: t('common:actions'),
      render: (refund) => (
        <RowActions>
          <Button
            type="link"
            size="small"
            onClick={() => {
              show(refund.refund_id)
            }}
          >
            {t('details')}
          </Button>
        </RowActions>
      ),
    },
  ]
  const latest = newest.data?.items[0]
  const isPending = latest?.status === 'pending'
  return (
    <Page>
      <Panel>
        <Flex vertical gap={20}>
          <AskForRefund isPending={isPending} isKnown={newest.data !== undefined} />
          <RefundSteps refund={latest} />
        </Flex>
      </Panel>
      <QueryTable
        name="operator.refunds"
        list={listRefundsOptions}
        columns={columns}
        rowKey="refund_id"
        empty={{ text: t('refunds.empty') }}
      />
      {shown && (
        <RefundDrawer
          id={shown}
          onClose={() => {
            show(undefined)
          }}
        />
      )}
    </Page>
  )
}

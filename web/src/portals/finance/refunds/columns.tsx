import { useTranslation } from 'react-i18next'
import type { FinanceRefund } from '@/api/generated'
import type { Column } from '@/shared/DataTable'
import { LinkButton } from '@/shared/LinkButton'
import { RowActions } from '@/shared/RowActions'
import { useCan } from '@/shared/session/can'
import { CustomerLink } from '../parts/links'
import { CategoryTag, PayoutTag, ReviewTag } from '../parts/tags'

export function useRefundColumns(): Column<FinanceRefund>[] {
  const { t } = useTranslation(['finance', 'common'])
  const can = useCan()
  const act = ({ status }: FinanceRefund) =>
    t(status === 'pending' && can('can_review_refund') ? 'review' : 'view')
  return [
    { key: 'created_at', title: t('createdAt'), kind: 'time' },
    {
      key: 'operator_name',
      title: t('customer'),
      render: (row) => <CustomerLink id={row.operator_id} name={row.operator_name} />,
    },
    {
      key: 'operator_category',
      title: t('customers.category'),
      isHidden: true,
      render: (row) => <CategoryTag category={row.operator_category} />,
    },
    { key: 'requested_amount', title: t('refunds.requested'), kind: 'money' },
    { key: 'current_balance', title: t('refunds.currentBalance'), kind: 'money' },
    { key: 'actual_refund_amount', title: t('refunds.actual'), kind: 'money' },
    { key: 'status', title: t('status'), render: ({ status }) => <ReviewTag status={status} /> },
    {
      key: 'payout_status',
      title: t('refunds.payout'),
      render: (row) => <PayoutTag status={row.payout_status} />,
    },
    { key: 'reason', title: t('refunds.reason'), kind: 'long' },
    { key: 'reviewed_by', title: t('reviewedBy'), isHidden: true },
    { key: 'reviewed_at', title: t('reviewedAt'), kind: 'time', isHidden: true },
    { key: 'refund_id', title: t('id'), kind: 'id', isHidden: true },
    {
      key: 'actions',
      title: t('common:actions'),
      render: (row) => (
        <RowActions>
          <LinkButton to="/finance/refunds/$id" params={{ id: row.refund_id }} look="link" size="small">
            {act(row)}
          </LinkButton>
        </RowActions>
      ),
    },
  ]
}

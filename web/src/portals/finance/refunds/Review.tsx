import { Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { approveRefund, rejectRefund, type RefundDetails } from '@/api/generated'
import { Allowed } from '@/shared/Allowed'
import { useAct } from '@/shared/api/act'
import { ConfirmAction } from '@/shared/ConfirmAction'
import { formatMoney, fromFen, toFen } from '@/shared/money'
import { Panel } from '@/shared/Panel'
import { Approve } from '../parts/Approve'

/** The decision about a refund, with the amount that it would be now, in words. */
export function Review({ refund }: { refund: RefundDetails }) {
  const { t } = useTranslation(['finance', 'common'])
  const amounts = {
    requested: formatMoney(refund.requested_amount),
    current: formatMoney(refund.current_balance),
  }
  const isNothing = toFen(refund.current_balance) <= 0n
  return (
    <Panel title={t('refunds.decide')}>
      <Flex vertical gap={12}>
        <strong className="figures" style={{ fontSize: 16 }}>
          {t(isNothing ? 'refunds.sentenceNothing' : 'refunds.sentence', amounts)}
        </strong>
        {!isNothing && (
          <span>
            <Change refund={refund} /> {t('refunds.sentenceRule')}
          </span>
        )}
        <Allowed to="can_review_refund">
          <Flex gap={8} wrap>
            {!isNothing && <ApproveRefund refund={refund} />}
            <RejectRefund refund={refund} />
          </Flex>
        </Allowed>
      </Flex>
    </Panel>
  )
}

interface Props {
  refund: RefundDetails
}

/** How the balance changed since the customer asked. */
function Change({ refund }: Props) {
  const { t } = useTranslation(['finance', 'common'])
  const change = toFen(refund.current_balance) - toFen(refund.requested_amount)
  if (change === 0n) return t('refunds.sentenceSame')
  const difference = formatMoney(fromFen(change < 0n ? -change : change))
  return t(change < 0n ? 'refunds.sentenceLess' : 'refunds.sentenceMore', { difference })
}

function ApproveRefund({ refund }: Props) {
  const { t } = useTranslation(['finance', 'common'])
  const approve = useAct(approveRefund, { done: t('refunds.approved') })
  return (
    <Approve
      label={t('refunds.approve')}
      hint={t('refunds.approveHint', {
        name: refund.operator_name,
        amount: formatMoney(refund.current_balance),
      })}
      act={approve}
      request={(body) => ({ path: { id: refund.refund_id }, body })}
    />
  )
}

function RejectRefund({ refund }: Props) {
  const { t } = useTranslation(['finance', 'common'])
  const reject = useAct(rejectRefund, { done: t('refunds.rejected') })
  return (
    <ConfirmAction
      label={t('refunds.reject')}
      hint={`${t('refunds.rejectHint', { name: refund.operator_name })} ${t('rejectReasonHint')}`}
      act={reject}
      request={(body) => ({ path: { id: refund.refund_id }, body })}
      reason={{ min: 10, max: 200 }}
      isDangerous
    />
  )
}

import { useQuery } from '@tanstack/react-query'
import { Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { getRefundOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { CopyText } from '@/shared/CopyText'
import { Facts } from '@/shared/Facts'
import { Money } from '@/shared/Money'
import { StatusTag } from '@/shared/StatusTag'
import { Time } from '@/shared/Time'
import { ListedDrawer } from '../parts/ListedDrawer'
import { refundTones, stateOf } from './state'

export default function RefundDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation(['operator', 'common'])
  const query = useQuery({ ...getRefundOptions({ path: { id } }), select: unwrap })
  return (
    <ListedDrawer title={t('refunds.detail')} query={query} onClose={onClose}>
      {(refund) => {
        const state = stateOf(refund)
        return (
          <Flex vertical gap={20}>
            <Facts
              items={[
                { label: t('refunds.requested'), value: <Money amount={refund.requested_amount} strong /> },
                { label: t('refunds.actual'), value: <Money amount={refund.actual_refund_amount} strong /> },
                {
                  label: t('refunds.stateTitle'),
                  value: <StatusTag tone={refundTones[state]}>{t(`refunds.state.${state}`)}</StatusTag>,
                },
                { label: t('refunds.askedAt'), value: <Time at={refund.created_at} /> },
                { label: t('refunds.reviewedAt'), value: <Time at={refund.reviewed_at} /> },
                { label: t('refunds.reason'), value: refund.reason, isWide: true },
                ...(refund.reject_reason
                  ? [{ label: t('refunds.rejectReason'), value: refund.reject_reason, isWide: true }]
                  : []),
                { label: t('refunds.id'), value: <CopyText text={refund.refund_id} />, isWide: true },
              ]}
            />
            <p style={{ margin: 0 }}>{t(`refunds.next.${state}`)}</p>
          </Flex>
        )
      }}
    </ListedDrawer>
  )
}

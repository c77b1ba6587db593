import { useQuery } from '@tanstack/react-query'
import { Col, Row } from 'antd'
import { useTranslation } from 'react-i18next'
import type { RefundDetails } from '@/api/generated'
import { getAnyRefundOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { CopyText } from '@/shared/CopyText'
import { DetailPage, useParam } from '@/shared/DetailPage'
import { Facts } from '@/shared/Facts'
import { Money } from '@/shared/Money'
import { Panel } from '@/shared/Panel'
import { Time } from '@/shared/Time'
import { CustomerFacts } from '../customers/CustomerFacts'
import { CustomerLink } from '../parts/links'
import { CategoryTag, PayoutTag, ReviewTag } from '../parts/tags'
import { Outcome } from './Outcome'
import { Payouts } from './Payouts'
import { Review } from './Review'

export default function RefundPage() {
  const { t } = useTranslation(['finance', 'common'])
  const id = useParam('id')
  const query = useQuery({ ...getAnyRefundOptions({ path: { id } }), select: unwrap })
  return (
    <DetailPage
      query={query}
      title={(refund) => t('refunds.of', { name: refund.operator_name })}
      tags={(refund) => (
        <>
          <ReviewTag status={refund.status} />
          {refund.payout_status && <PayoutTag status={refund.payout_status} />}
        </>
      )}
    >
      {(refund) => (
        <>
          {refund.status === 'pending' ? <Review refund={refund} /> : <Outcome refund={refund} />}
          <Row gutter={[16, 16]}>
            <Col xs={24} lg={12}>
              <Request refund={refund} />
            </Col>
            <Col xs={24} lg={12}>
              <Panel
                title={t('refunds.finances')}
                extra={<CustomerLink id={refund.operator_id} name={t('refunds.toCustomer')} />}
                style={{ height: '100%' }}
              >
                <CustomerFacts customer={refund.operator_finance} />
              </Panel>
            </Col>
          </Row>
          {refund.status === 'approved' && <Payouts refund={refund} />}
        </>
      )}
    </DetailPage>
  )
}

function Request({ refund }: { refund: RefundDetails }) {
  const { t } = useTranslation(['finance', 'common'])
  return (
    <Panel title={t('refunds.request')} style={{ height: '100%' }}>
      <Facts
        items={[
          {
            label: t('customer'),
            value: <CustomerLink id={refund.operator_id} name={refund.operator_name} />,
          },
          { label: t('customers.category'), value: <CategoryTag category={refund.operator_category} /> },
          { label: t('refunds.requested'), value: <Money amount={refund.requested_amount} /> },
          { label: t('refunds.actual'), value: <Money amount={refund.actual_refund_amount} strong /> },
          { label: t('createdAt'), value: <Time at={refund.created_at} /> },
          { label: t('reviewedAt'), value: <Time at={refund.reviewed_at} /> },
          { label: t('reviewedBy'), value: refund.reviewed_by ?? '—' },
          { label: t('id'), value: <CopyText text={refund.refund_id} short /> },
          { label: t('refunds.reason'), value: refund.reason, isWide: true },
          ...(refund.note ? [{ label: t('note'), value: refund.note, isWide: true }] : []),
          ...(refund.reference
            ? [{ label: t('refunds.reference'), value: <CopyText text={refund.reference} />, isWide: true }]
            : []),
        ]}
      />
    </Panel>
  )
}

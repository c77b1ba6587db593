import { useQuery } from '@tanstack/react-query'
import { Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { getAppRequestOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { CopyText } from '@/shared/CopyText'
import { Facts } from '@/shared/Facts'
import { LinkButton } from '@/shared/LinkButton'
import { StatusTag } from '@/shared/StatusTag'
import { Time } from '@/shared/Time'
import { ListedDrawer } from '../parts/ListedDrawer'
import { reviewTones } from '../parts/review'

export default function AppRequestDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation(['operator', 'common'])
  const query = useQuery({ ...getAppRequestOptions({ path: { id } }), select: unwrap })
  return (
    <ListedDrawer title={t('apps.requestDetail')} query={query} onClose={onClose}>
      {(request) => (
        <Flex vertical gap={20}>
          <Facts
            items={[
              { label: t('apps.name'), value: request.app_name },
              {
                label: t('apps.requestState'),
                value: (
                  <StatusTag tone={reviewTones[request.status]}>
                    {t(`apps.request.${request.status}`)}
                  </StatusTag>
                ),
              },
              { label: t('apps.askedAt'), value: <Time at={request.created_at} /> },
              { label: t('apps.reviewedAt'), value: <Time at={request.reviewed_at} /> },
              { label: t('apps.reason'), value: request.reason, isWide: true },
              ...(request.reject_reason
                ? [{ label: t('apps.rejectReason'), value: request.reject_reason, isWide: true }]
                : []),
              { label: t('apps.requestId'), value: <CopyText text={request.request_id} />, isWide: true },
            ]}
          />
          <p style={{ margin: 0 }}>{t(`apps.next.${request.status}`)}</p>
          {request.status === 'approved' && (
            <LinkButton to="/operator/setup" search={{ app_id: request.app_id } as never} look="primary">
              {t('apps.setUp')}
            </LinkButton>
          )}
          {request.status === 'rejected' && (
            <LinkButton to="/operator/apps" search={{ keyword: request.app_name } as never}>
              {t('apps.askAgain')}
            </LinkButton>
          )}
        </Flex>
      )}
    </ListedDrawer>
  )
}

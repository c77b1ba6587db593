import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { AppRequestItem } from '@/api/generated'
import { listAppRequestsOptions } from '@/api/generated/@tanstack/react-query.gen'
import type { Column } from '@/shared/DataTable'
import { later } from '@/shared/later'
import { LinkButton } from '@/shared/LinkButton'
import { QueryTable } from '@/shared/QueryTable'
import { RowActions } from '@/shared/RowActions'
import { StatusTag } from '@/shared/StatusTag'
import { useShown } from '../parts/shown'
import { reviewTones } from '../parts/review'

const AppRequestDrawer = later(() => import('./AppRequestDrawer'))

const states = ['pending', 'approved', 'rejected'] as const

export default function AppRequests() {
  const { t } = useTranslation(['operator', 'common'])
  const [shown, show] = useShown('request')
  const columns: Column<AppRequestItem>[] = [
    { key: 'app_name', title: t('apps.name'), render: (request) => <strong>{request.app_name}</strong> },
    {
      key: 'status',
      title: t('apps.requestState'),
      render: ({ status }) => <StatusTag tone={reviewTones[status]}>{t(`apps.request.${status}`)}</StatusTag>,
    },
    { key: 'reason', title: t('apps.reason'), kind: 'long' },
    { key: 'reject_reason', title: t('apps.rejectReason'), kind: 'long' },
    { key: 'created_at', title: t('apps.askedAt'), kind: 'time' },
    { key: 'reviewed_at', title: t('apps.reviewedAt'), kind: 'time', isHidden: true },
    { key: 'request_id', title: t('apps.requestId'), kind: 'id', isHidden: true },
    {
      key: 'actions',
      title: t('common:actions'),
      render: (request) => (
        <RowActions>
          <Button
            type="link"
            size="small"
            onClick={() => {
              show(request.request_id)
            }}
          >
            {t('details')}
          </Button>
        </RowActions>
      ),
    },
  ]
  return (
    <>
      <QueryTable
        name="operator.app-requests"
        list={listAppRequestsOptions}
        columns={columns}
        rowKey="request_id"
        filters={[
          {
            kind: 'select',
            name: 'status',
            label: t('apps.requestState'),
            options: states.map((value) => ({ value, label: t(`apps.request.${value}`) })),
          },
        ]}
        empty={{
          text: t('apps.requestsEmpty'),
          action: (
            <LinkButton to="/operator/apps" look="primary">
              {t('apps.toCatalogue')}
            </LinkButton>
          ),
        }}
      />
      {shown && (
        <AppRequestDrawer
          id={shown}
          onClose={() => {
            show(undefined)
          }}
        />
      )}
    </>
  )
}

import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import type { OperatorAppRequestItem } from '@/api/generated'
import { listAllAppRequestsOptions } from '@/api/generated/@tanstack/react-query.gen'
import type { Column } from '@/shared/DataTable'
import { Page } from '@/shared/Page'
import { QueryTable } from '@/shared/QueryTable'
import { StatusTag, type Tone } from '@/shared/StatusTag'
import { Time } from '@/shared/Time'
import { textOf, useUrlState } from '@/shared/url-state'
import { AppLink } from '../fields/AppLink'
import { OperatorLink } from '../fields/OperatorLink'
import { CategoryTag } from '../operators/OperatorTags'
import { RequestDecision } from './RequestDecision'

const tones: Record<OperatorAppRequestItem['status'], Tone> = {
  pending: 'waiting',
  approved: 'good',
  rejected: 'bad',
}
const views = ['pending', 'approved', 'rejected', 'all'] as const

/** Those that wait come first: the page opens with them. */
export default function RequestsPage() {
  const { t } = useTranslation(['admin', 'common'])
  const [search, change] = useUrlState()
  const view = views.find((known) => known === textOf(search, 'view')) ?? 'pending'
  const choice = (
    <Segmented
      aria-label={t('requests.show')}
      value={view}
      options={views.map((value) => ({ value, label: t(`requests.${value}`) }))}
      onChange={(chosen) => {
        change({ view: chosen === 'pending' ? undefined : chosen, page: undefined })
      }}
    />
  )
  return (
    <Page>
      <QueryTable
        name="admin.requests"
        list={listAllAppRequestsOptions}
        fixed={view === 'all' ? undefined : { status: view }}
        columns={useColumns()}
        rowKey="request_id"
        toolbar={choice}
        empty={{ text: t(view === 'pending' ? 'requests.emptyPending' : 'requests.empty') }}
      />
    </Page>
  )
}

function useColumns(): Column<OperatorAppRequestItem>[] {
  const { t } = useTranslation(['admin', 'common'])
  return [
    {
      key: 'operator_name',
      title: t('requests.operator'),
      render: (request) => (
        <>
          <OperatorLink id={request.operator_id} name={request.operator_name} />{' '}
          <CategoryTag category={request.operator_category} />
        </>
      ),
    },
    {
      key: 'app_name',
      title: t('requests.app'),
      render: (request) => <AppLink id={request.app_id} name={request.app_name} />,
    },
    {
      key: 'reason',
      title: t('requests.reason'),
      kind: 'long',
      render: ({ reason }) => <div style={{ maxWidth: 300 }}>{reason}</div>,
    },
    { key: 'created_at', title: t('requests.createdAt'), kind: 'time' },
    {
      key: 'status',
      title: t('requests.state'),
      render: ({ status }) => <StatusTag tone={tones[status]}>{t(`requests.${status}`)}</StatusTag>,
    },
    {
      key: 'decision',
      title: t('requests.reviewed'),
      kind: 'long',
      render: (request) =>
        request.status === 'pending' ? <RequestDecision request={request} /> : <Decided request={request} />,
    },
  ]
}

/** Who decided it when, and why it was rejected. */
function Decided({ request }: { request: OperatorAppRequestItem }) {
  return (
    <>
      {request.reviewed_by} <Time at={request.reviewed_at} />
      {request.reject_reason && <div style={{ opacity: 0.8, maxWidth: 260 }}>{request.reject_reason}</div>}
    </>
  )
}

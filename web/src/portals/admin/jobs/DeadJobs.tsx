import { theme } from 'antd'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { retryJob, type DeadJobItem } from '@/api/generated'
import { ActButton } from '@/shared/ActButton'
import { useAct } from '@/shared/api/act'
import { DataTable, type Column, type DataTableProps } from '@/shared/DataTable'
import { RowActions } from '@/shared/RowActions'

type Shared = Pick<DataTableProps<DeadJobItem>, 'isLoading' | 'isFetching' | 'error' | 'onRefresh'>

/** Work that failed too often to be tried again by itself. */
export function DeadJobs({ jobs, ...shared }: Shared & { jobs: DeadJobItem[] | undefined }) {
  const { t } = useTranslation(['admin', 'common'])
  const { token } = theme.useToken()
  const columns: Column<DeadJobItem>[] = [
    { key: 'kind', title: t('jobs.kind'), render: ({ kind }) => kindOf(kind) },
    { key: 'created_at', title: t('jobs.createdAt'), kind: 'time' },
    { key: 'attempts', title: t('jobs.attempts'), kind: 'number' },
    { key: 'last_error', title: t('jobs.error'), kind: 'long' },
    { key: 'job_id', title: t('jobs.id'), kind: 'id' },
    { key: 'actions', title: t('common:actions'), render: (job) => <Retry job={job} /> },
  ]
  return (
    <DataTable<DeadJobItem>
      {...shared}
      name="admin.jobs.dead"
      columns={columns}
      rows={jobs}
      rowKey="job_id"
      toolbar={
        <div style={{ paddingInlineStart: 4 }}>
          <h2 style={{ margin: '4px 0', fontSize: 15, fontWeight: 600 }}>{t('jobs.dead')}</h2>
          <span style={{ color: token.colorTextDescription }}>{t('jobs.deadHint')}</span>
        </div>
      }
      empty={{ text: t('jobs.noneDead') }}
    />
  )
}

function kindOf(kind: string): string {
  const path = `admin:jobs.kinds.${kind}`
  return i18next.exists(path) ? i18next.t(path as 'admin:jobs.kinds.send_email') : kind
}

function Retry({ job }: { job: DeadJobItem }) {
  const { t } = useTranslation(['admin', 'common'])
  const retry = useAct(retryJob, { done: t('jobs.retryDone') })
  return (
    <RowActions>
      <ActButton act={retry} request={{ path: { id: job.job_id } }} type="link" size="small">
        {t('common:retry')}
      </ActButton>
    </RowActions>
  )
}

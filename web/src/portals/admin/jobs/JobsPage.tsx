import { useQuery } from '@tanstack/react-query'
import { Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { runJob, type RunItem, type ScheduleItem } from '@/api/generated'
import { listJobsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { useAct } from '@/shared/api/act'
import { unwrap } from '@/shared/api/queries'
import { ConfirmAction } from '@/shared/ConfirmAction'
import { DataTable, type Column } from '@/shared/DataTable'
import { Page } from '@/shared/Page'
import { RowActions } from '@/shared/RowActions'
import { StatusTag, type Tone } from '@/shared/StatusTag'
import { Time } from '@/shared/Time'
import { DeadJobs } from './DeadJobs'

const tones: Record<RunItem['result'], Tone> = { running: 'special', succeeded: 'good', failed: 'bad' }

/** Jobs run in the background: while one does, the page looks again every second, and now and then otherwise. */
export default function JobsPage() {
  const { t } = useTranslation(['admin', 'common'])
  const jobs = useQuery({
    ...listJobsOptions(),
    select: unwrap,
    refetchInterval: ({ state }) => {
      const schedules = state.data?.data.schedules ?? []
      return schedules.some((schedule) => schedule.last_run?.result === 'running') ? 1_000 : 10_000
    },
  })
  const shared = {
    isLoading: jobs.isLoading,
    isFetching: jobs.isFetching,
    error: jobs.error,
    onRefresh: () => void jobs.refetch(),
  }
  return (
    <Page>
      <DataTable<ScheduleItem>
        {...shared}
        name="admin.jobs"
        columns={useColumns()}
        rows={jobs.data?.schedules}
        rowKey="name"
        toolbar={
          <div style={{ padding: '5px 4px 0' }}>
            {jobs.data && t('jobs.queue', { count: jobs.data.pending_jobs })}
          </div>
        }
        empty={{ text: t('jobs.empty') }}
      />
      <DeadJobs {...shared} jobs={jobs.data?.dead} />
    </Page>
  )
}

function useColumns(): Column<ScheduleItem>[] {
  const { t } = useTranslation(['admin', 'common'])
  return [
    {
      key: 'description',
      title: t('jobs.name'),
      kind: 'long',
      render: (job) => (
        // Sentences would keep the buttons of the row out of sight.
        <div style={{ maxWidth: 380 }}>
          {job.description}
          <div className="code" style={{ opacity: 0.75 }}>
            {job.name}
          </div>
        </div>
      ),
    },
    { key: 'schedule', title: t('jobs.schedule') },
    { key: 'next_run', title: t('jobs.nextRun'), kind: 'time' },
    {
      key: 'last_run',
      title: t('jobs.lastRun'),
      kind: 'long',
      render: (job) => <LastRun run={job.last_run} />,
    },
    { key: 'actions', title: t('common:actions'), render: (job) => <RunNow job={job} /> },
  ]
}

function LastRun({ run }: { run: RunItem | null | undefined }) {
  const { t } = useTranslation(['admin', 'common'])
  if (!run) return t('jobs.never')
  const seconds = typeof run.duration_ms === 'number' ? (run.duration_ms / 1000).toFixed(1) : undefined
  const facts = [
    seconds && t('jobs.seconds', { count: seconds }),
    run.requested_by && t('jobs.by', { name: run.requested_by }),
  ].filter(Boolean)
  return (
    <>
      <Flex gap={8} align="center" wrap>
        <StatusTag tone={tones[run.result]}>{t(`jobs.${run.result}`)}</StatusTag>
        <Time at={run.finished_at ?? run.started_at ?? run.slot} />
      </Flex>
      {facts.length > 0 && <div style={{ opacity: 0.75 }}>{facts.join(' · ')}</div>}
      {run.error && <div>{run.error}</div>}
    </>
  )
}

function RunNow({ job }: { job: ScheduleItem }) {
  const { t } = useTranslation(['admin', 'common'])
  const run = useAct(runJob, { done: t('jobs.runDone') })
  return (
    <RowActions>
      <ConfirmAction
        label={t('jobs.run')}
        hint={t('jobs.runHint', { name: job.description })}
        act={run}
        request={() => ({ path: { name: job.name } })}
        button={{ type: 'link', size: 'small', disabled: job.last_run?.result === 'running' }}
      />
    </RowActions>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Alert, Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { listEmailsOptions, listJobsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { LinkButton } from '@/shared/LinkButton'

/** Work of the platform that was given up and waits for somebody who may deal with it. */
export function Attention() {
  const { t } = useTranslation(['admin', 'common'])
  const jobs = useQuery({ ...listJobsOptions(), select: unwrap })
  const mails = useQuery(listEmailsOptions({ query: { status: 'failed', page_size: 1 } }))
  const dead = jobs.data?.dead_jobs ?? 0
  const failed = mails.data?.total ?? 0
  if (dead + failed === 0) return null
  return (
    <Alert
      type="warning"
      showIcon
      title={t('dashboard.attention')}
      description={
        <Flex vertical align="start">
          {dead > 0 && (
            <span>
              {t('dashboard.deadJobs', { count: dead })}{' '}
              <LinkButton to="/admin/jobs" look="link" size="small">
                {t('dashboard.open')}
              </LinkButton>
            </span>
          )}
          {failed > 0 && (
            <span>
              {t('dashboard.failedMails', { count: failed })}{' '}
              <LinkButton to="/admin/emails" search={{ status: 'failed' } as never} look="link" size="small">
                {t('dashboard.open')}
              </LinkButton>
            </span>
          )}
        </Flex>
      }
    />
  )
}

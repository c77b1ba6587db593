import { useTranslation } from 'react-i18next'
import { retryEmail, type EmailItem } from '@/api/generated'
import { listEmailsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { ActButton } from '@/shared/ActButton'
import { useAct } from '@/shared/api/act'
import type { Column } from '@/shared/DataTable'
import { Page } from '@/shared/Page'
import { QueryTable } from '@/shared/QueryTable'
import { RowActions } from '@/shared/RowActions'
import { StatusTag, type Tone } from '@/shared/StatusTag'

const tones: Record<EmailItem['status'], Tone> = { pending: 'waiting', sent: 'good', failed: 'bad' }
const states = ['pending', 'sent', 'failed'] as const

export default function EmailsPage() {
  const { t } = useTranslation(['admin', 'common'])
  const columns: Column<EmailItem>[] = [
    { key: 'created_at', title: t('emails.createdAt'), kind: 'time' },
    { key: 'subject', title: t('emails.subject'), kind: 'long' },
    { key: 'recipient', title: t('emails.recipient') },
    {
      key: 'status',
      title: t('emails.state'),
      render: ({ status }) => <StatusTag tone={tones[status]}>{t(`emails.${status}`)}</StatusTag>,
    },
    { key: 'attempts', title: t('emails.attempts'), kind: 'number' },
    { key: 'sent_at', title: t('emails.sentAt'), kind: 'time' },
    { key: 'last_error', title: t('emails.error'), kind: 'long' },
    { key: 'id', title: t('emails.id'), kind: 'id', isHidden: true },
    {
      key: 'actions',
      title: t('common:actions'),
      render: (mail) => mail.status === 'failed' && <Retry mail={mail} />,
    },
  ]
  return (
    <Page>
      <p style={{ margin: 0 }}>{t('emails.hint')}</p>
      <QueryTable
        name="admin.emails"
        list={listEmailsOptions}
        columns={columns}
        rowKey="id"
        filters={[
          {
            kind: 'select',
            name: 'status',
            label: t('emails.state'),
            options: states.map((value) => ({ value, label: t(`emails.${value}`) })),
          },
        ]}
        empty={{ text: t('emails.empty') }}
      />
    </Page>
  )
}

function Retry({ mail }: { mail: EmailItem }) {
  const { t } = useTranslation(['admin', 'common'])
  const retry = useAct(retryEmail, { done: t('emails.retryDone') })
  return (
    <RowActions>
      <ActButton act={retry} request={{ path: { id: mail.id } }} type="link" size="small">
        {t('common:retry')}
      </ActButton>
    </RowActions>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Form, Input, Radio } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createAnnouncement, type CreateAnnouncementRequest } from '@/api/generated'
import { getAdminDashboardOptions } from '@/api/generated/@tanstack/react-query.gen'
import { useAct } from '@/shared/api/act'
import { unwrap } from '@/shared/api/queries'
import { later } from '@/shared/later'
import { Page } from '@/shared/Page'
import { Panel } from '@/shared/Panel'
import { useRules } from '@/shared/rules'
import { ServerForm, useServerForm } from '@/shared/ServerForm'
import { useToasts } from '@/shared/toasts'
import { OperatorsSelect } from '../fields/OperatorSelect'
import { MessagePreview } from './MessagePreview'

const SendQuestion = later(() => import('./SendQuestion'))

interface Values {
  title: string
  content: string
  target: 'everyone' | 'chosen'
  target_operators?: string[]
}

export default function WritePage() {
  const { t } = useTranslation(['admin', 'common'])
  const id = useId()
  const navigate = useNavigate()
  const { message } = useToasts()
  const [asked, setAsked] = useState<Values>()
  const send = useAct(createAnnouncement)
  const dashboard = useQuery({ ...getAdminDashboardOptions(), select: unwrap })
  const parts = useServerForm({
    act: send,
    request: ({ title, content, target, target_operators: chosen }: Values) => {
      const body: CreateAnnouncementRequest = { title, content }
      if (target === 'chosen') body.target_operators = chosen
      return { body }
    },
    onDone: ({ recipients_count: count }) => {
      void message.success(t('announcements.sent', { count }))
      void navigate({ to: '/admin/announcements' })
    },
  })
  const title = Form.useWatch<string | undefined>('title', parts.form)
  const content = Form.useWatch<string | undefined>('content', parts.form)
  return (
    <Page>
      <div
        style={{
          display: 'grid',
          gridTemplateColumns: 'repeat(auto-fit, minmax(min(360px, 100%), 1fr))',
          gap: 16,
          alignItems: 'start',
        }}
      >
        <Panel>
          <ServerForm<Values>
            id={id}
            parts={{ ...parts, submit: setAsked }}
            initialValues={{ target: 'everyone' }}
          >
            <Fields />
            <Button type="primary" htmlType="submit" loading={send.isPending}>
              {t('announcements.send')}
            </Button>
          </ServerForm>
        </Panel>
        <Panel title={t('announcements.preview')}>
          <p style={{ margin: '0 0 12px', opacity: 0.8 }}>{t('announcements.previewHint')}</p>
          <MessagePreview title={title} content={content} />
        </Panel>
      </div>
      {asked && (
        <SendQuestion
          count={
            (asked.target === 'chosen' ? asked.target_operators?.length : dashboard.data?.total_operators) ??
            0
          }
          onSubmit={() => {
            parts.submit(asked)
          }}
          onClose={() => {
            setAsked(undefined)
          }}
        />
      )}
    </Page>
  )
}

function Fields() {
  const { t } = useTranslation(['admin', 'common'])
  const rules = useRules()
  const target = Form.useWatch<Values['target'] | undefined>('target')
  const label = t('announcements.chosenLabel')
  return (
    <>
      <Form.Item
        name="title"
        label={t('announcements.subject')}
        rules={rules.length(t('announcements.subject'), 2, 100)}
      >
        <Input maxLength={100} showCount autoFocus />
      </Form.Item>
      <Form.Item
        name="content"
        label={t('announcements.content')}
        rules={rules.length(t('announcements.content'), 10, 2000)}
      >
        <Input.TextArea autoSize={{ minRows: 6, maxRows: 16 }} maxLength={2000} showCount />
      </Form.Item>
      <Form.Item
        name="target"
        label={t('announcements.target')}
        extra={target === 'everyone' ? t('announcements.everyoneHint') : undefined}
      >
        <Radio.Group
          options={[
            { value: 'everyone', label: t('announcements.everyone') },
            { value: 'chosen', label: t('announcements.chosen') },
          ]}
        />
      </Form.Item>
      {target === 'chosen' && (
        <Form.Item
          name="target_operators"
          label={label}
          rules={[{ required: true, type: 'array', message: t('common:form.required', { label }) }]}
        >
          <OperatorsSelect />
        </Form.Item>
      )}
    </>
  )
}

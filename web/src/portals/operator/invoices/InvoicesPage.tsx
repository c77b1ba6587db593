import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Flex } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { InvoiceItem } from '@/api/generated'
import { getProfileOptions, listInvoicesOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import type { Column } from '@/shared/DataTable'
import { later } from '@/shared/later'
import { toFen } from '@/shared/money'
import { Money } from '@/shared/Money'
import { Page } from '@/shared/Page'
import { Panel } from '@/shared/Panel'
import { QueryTable } from '@/shared/QueryTable'
import { StatusTag } from '@/shared/StatusTag'
import { useShown } from '../parts/shown'
import { reviewTones } from '../parts/review'
import { useLimits } from '../parts/useLimits'
import { InvoiceActions } from './InvoiceActions'

const AskForInvoice = later(() => import('./AskForInvoice'))
const InvoiceDrawer = later(() => import('./InvoiceDrawer'))

export default function InvoicesPage() {
  const { t } = useTranslation(['operator', 'common'])
  const [isAsking, setIsAsking] = useState(false)
  const [shown, show] = useShown('invoice')
  const available = useLimits().data?.invoiceable_amount
  const profile = useQuery({ ...getProfileOptions(), select: unwrap })
  const isNothing = available !== undefined && toFen(available) === 0n
  return (
    <Page>
      <Panel>
        <Flex justify="space-between" align="center" gap={16} wrap>
          <div>
            <div>{t('invoices.available')}</div>
            <div style={{ fontSize: 24, lineHeight: '36px' }}>
              <Money amount={available} strong />
            </div>
            <div style={{ opacity: 0.8 }}>{t(isNothing ? 'invoices.nothing' : 'invoices.hint')}</div>
          </div>
          <Button
            type="primary"
            icon={<PlusOutlined />}
            disabled={available === undefined || isNothing}
            onClick={() => {
              setIsAsking(true)
            }}
          >
            {t('invoices.ask')}
          </Button>
        </Flex>
      </Panel>
      <QueryTable
        name="operator.invoices"
        list={listInvoicesOptions}
        columns={useColumns(show)}
        rowKey="invoice_id"
        empty={{ text: t('invoices.empty') }}
      />
      {isAsking && available !== undefined && profile.data && (
        <AskForInvoice
          available={available}
          email={profile.data.email}
          onClose={() => {
            setIsAsking(false)
          }}
        />
      )}
      {shown && (
        <InvoiceDrawer
          id={shown}
          onClose={() => {
            show(undefined)
          }}
        />
      )}
    </Page>
  )
}

function useColumns(show: (id: string) => void): Column<InvoiceItem>[] {
  const { t } = useTranslation(['operator', 'common'])
  return [
    { key: 'created_at', title: t('invoices.askedAt'), kind: 'time' },
    { key: 'invoice_title', title: t('invoices.invoiceTitle'), kind: 'long' },
    { key: 'tax_id', title: t('invoices.taxId'), isHidden: true },
    { key: 'amount', title: t('invoices.amount'), kind: 'money' },
    {
      key: 'status',
      title: t('invoices.stateTitle'),
      render: ({ status }) => (
        <StatusTag tone={reviewTones[status]}>{t(`invoices.state.${status}`)}</StatusTag>
      ),
    },
    { key: 'invoice_number', title: t('invoices.number') },
    { key: 'reject_reason', title: t('invoices.rejectReason'), kind: 'long' },
    { key: 'invoice_id', title: t('invoices.id'), kind: 'id', isHidden: true },
    {
      key: 'actions',
      title: t('common:actions'),
      render: (invoice) => <InvoiceActions invoice={invoice} onShow={show} />,
    },
  ]
}

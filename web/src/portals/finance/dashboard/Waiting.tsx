import { Link } from '@tanstack/react-router'
import { Flex, Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'
import { Panel } from '@/shared/Panel'
import { StatusTag, type Tone } from '@/shared/StatusTag'
import {
  useAbnormalOrders,
  useFailedPayouts,
  usePendingInvoices,
  usePendingRefunds,
} from '../parts/useWaiting'

/** What somebody has to decide, each with the way to it. */
export function Waiting() {
  const { t } = useTranslation(['finance', 'common'])
  return (
    <Panel title={t('dashboard.waiting')}>
      <Flex vertical gap={14}>
        <Row
          label={t('dashboard.pendingRefunds')}
          count={usePendingRefunds()}
          tone="waiting"
          to="/finance/refunds"
        />
        <Row
          label={t('dashboard.pendingInvoices')}
          count={usePendingInvoices()}
          tone="waiting"
          to="/finance/invoices"
        />
        <Row
          label={t('dashboard.abnormalOrders')}
          count={useAbnormalOrders()}
          tone="bad"
          to="/finance/recharges"
        />
        <Row
          label={t('dashboard.failedPayouts')}
          count={useFailedPayouts()}
          tone="bad"
          to="/finance/refunds"
          tab="failed"
        />
      </Flex>
    </Panel>
  )
}

interface RowProps {
  label: string
  count: number | undefined
  /** How it is meant when there is something. */
  tone: Tone
  to: string
  tab?: string
}

function Row({ label, count, tone, to, tab }: RowProps) {
  return (
    <Flex justify="space-between" align="center" gap={8}>
      <Link to={to} search={(tab ? { tab } : {}) as never}>
        {label}
      </Link>
      {count === undefined ? (
        <Skeleton.Button active size="small" />
      ) : (
        <StatusTag tone={count > 0 ? tone : 'quiet'}>
          <span className="figures">{count.toLocaleString('en-US')}</span>
        </StatusTag>
      )}
    </Flex>
  )
}

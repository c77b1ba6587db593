import { ExportOutlined } from '@ant-design/icons'
import { Alert, Button, Flex, Skeleton } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RechargeItem } from '@/api/generated'
import { later } from '@/shared/later'
import { LinkButton } from '@/shared/LinkButton'
import { formatMoney } from '@/shared/money'
import { Panel } from '@/shared/Panel'
import { formatDuration } from '@/shared/time'

const codeSize = 220

const Code = later<{ text: string; size: number }>(
  () => import('./Code'),
  <Skeleton.Node active style={{ width: codeSize, height: codeSize }} />,
)

/** Whole seconds until then, at least none. */
function useSecondsUntil(instant: string): number {
  const left = () => Math.max(0, Math.ceil((new Date(instant).getTime() - Date.now()) / 1_000))
  const [seconds, setSeconds] = useState(left)
  useEffect(() => {
    const timer = setInterval(() => {
      setSeconds(left())
    }, 1_000)
    return () => {
      clearInterval(timer)
    }
  })
  return seconds
}

/** What is to be paid, and how long it can be. */
export function Payment({ order }: { order: RechargeItem }) {
  const { t } = useTranslation(['operator', 'common'])
  const seconds = useSecondsUntil(order.expires_at)
  if (seconds === 0) {
    return <Alert type="info" showIcon title={t('topUp.checking')} description={t('topUp.checkingHint')} />
  }
  const method = t(`topUp.method.${order.payment_method}`)
  const amount = formatMoney(order.amount)
  return (
    <Panel>
      <Flex vertical align="center" gap={12} style={{ textAlign: 'center' }}>
        <strong style={{ fontSize: 16 }}>{t('topUp.scan', { method })}</strong>
        <strong className="figures" style={{ fontSize: 28, lineHeight: '36px' }}>
          {amount}
        </strong>
        {order.qr_code_url ? (
          <div role="img" aria-label={t('topUp.qrLabel', { method, amount })}>
            <Code text={order.qr_code_url} size={codeSize} />
          </div>
        ) : (
          <Alert type="warning" showIcon title={t('topUp.noCode')} />
        )}
        <span role="timer" className="figures">
          {t('topUp.remaining')} <strong>{formatDuration(seconds)}</strong>
        </span>
        {order.payment_url && (
          <>
            <Button
              href={order.payment_url}
              target="_blank"
              rel="noopener"
              type="primary"
              icon={<ExportOutlined />}
            >
              {t('topUp.openPage')}
            </Button>
            <span style={{ opacity: 0.8 }}>{t('topUp.openPageHint')}</span>
          </>
        )}
        <span>{t('topUp.waiting')}</span>
        <LinkButton to="/operator/top-up" look="link">
          {t('topUp.change')}
        </LinkButton>
      </Flex>
    </Panel>
  )
}

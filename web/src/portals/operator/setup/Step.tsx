import { CheckCircleFilled } from '@ant-design/icons'
import { Flex, Skeleton, theme } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Panel } from '@/shared/Panel'
import { StatusTag } from '@/shared/StatusTag'

interface StepProps {
  number: number
  title: string
  isDone?: boolean
  children: ReactNode
}

/** One step of the guide; a done one has a green mark instead of its number. */
export function Step({ number, title, isDone, children }: StepProps) {
  const { t } = useTranslation(['operator', 'common'])
  const { token } = theme.useToken()
  const mark = isDone ? (
    <CheckCircleFilled style={{ color: token.colorSuccess, fontSize: 22 }} />
  ) : (
    <span
      style={{
        width: 22,
        height: 22,
        borderRadius: 11,
        border: `1px solid ${token.colorTextTertiary}`,
        textAlign: 'center',
        lineHeight: '20px',
        fontSize: 13,
        fontWeight: 400,
      }}
    >
      {number}
    </span>
  )
  const heading = (
    <Flex gap={10} align="center">
      {mark}
      {title}
    </Flex>
  )
  return (
    <Panel
      title={heading}
      extra={isDone && <StatusTag tone="good">{t('setup.done')}</StatusTag>}
      style={isDone ? { borderColor: token.colorSuccessBorder } : undefined}
    >
      {children}
    </Panel>
  )
}

/** While it is not known what has been done already. */
export function Waiting() {
  return (
    <Panel isBusy>
      <Skeleton active paragraph={{ rows: 10 }} />
    </Panel>
  )
}

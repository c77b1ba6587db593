import { Alert, Button, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { verifyAuditLog, type AuditVerification } from '@/api/generated'
import { useAct, type Act } from '@/shared/api/act'
import { ProblemView } from '@/shared/ProblemView'
import { formatTime } from '@/shared/time'

export type Check = Act<object, AuditVerification>

export function useCheck(): Check {
  return useAct(verifyAuditLog) as Check
}

export function CheckButton({ check }: { check: Check }) {
  const { t } = useTranslation(['admin', 'common'])
  return (
    <Tooltip title={t('audit.checkHint')}>
      <Button
        loading={check.isPending}
        onClick={() => {
          check.mutate({})
        }}
      >
        {t(check.isPending ? 'audit.checking' : 'audit.check')}
      </Button>
    </Tooltip>
  )
}

/** What the last check on this page found. */
export function CheckResult({ check }: { check: Check }) {
  const { t } = useTranslation(['admin', 'common'])
  if (check.error) return <ProblemView error={check.error} />
  if (!check.data) return null
  const { intact, entries, checked_at, broken_at: broken } = check.data
  const time = formatTime(checked_at)
  if (intact || !broken) {
    const description = t('audit.intactHint', { entries: entries.toLocaleString('en-US'), time })
    return <Alert type="success" showIcon role="status" title={t('audit.intact')} description={description} />
  }
  const reason = t(`audit.brokenReasons.${broken.reason}`)
  const description = t('audit.brokenHint', { seq: broken.seq, reason, time })
  return <Alert type="error" showIcon role="alert" title={t('audit.broken')} description={description} />
}

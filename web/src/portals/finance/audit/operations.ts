import { useTranslation } from 'react-i18next'
import type zh from '../locale/zh'

type Operation = keyof typeof zh.audit.operations

/** What finance staff do that is written down. */
export const operations: Operation[] = [
  'refund_approve',
  'refund_reject',
  'refund_retry',
  'refund_complete',
  'invoice_approve',
  'invoice_reject',
  'recharge_resolve',
  'report_generate',
  'reconciliation_run',
  'sign_in',
  'sign_out',
  'password_change',
]

/** The name of an operation for people; one that nobody named here yet stays as it is written. */
export function useOperationName(): (operation: string) => string {
  const { t } = useTranslation(['finance', 'common'])
  const isKnown = (operation: string): operation is Operation => (operations as string[]).includes(operation)
  return (operation) => (isKnown(operation) ? t(`audit.operations.${operation}`) : operation)
}

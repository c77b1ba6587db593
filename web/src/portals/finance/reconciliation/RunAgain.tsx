import { useTranslation } from 'react-i18next'
import { runReconciliation, type BillRunItem } from '@/api/generated'
import { Allowed } from '@/shared/Allowed'
import { useAct } from '@/shared/api/act'
import { ConfirmAction } from '@/shared/ConfirmAction'
import { RowActions } from '@/shared/RowActions'

/** Reads a bill once more, after it could not be had or when something was settled with the provider. */
export function RunAgain({
  bill,
  isInRow,
}: {
  bill: Pick<BillRunItem, 'date' | 'payment_method'>
  isInRow?: boolean
}) {
  const { t } = useTranslation(['finance', 'common'])
  const run = useAct(runReconciliation, { done: t('reconciliation.runDone') })
  const { date, payment_method } = bill
  const button = (
    <ConfirmAction
      label={t('reconciliation.again')}
      hint={t('reconciliation.againHint', { channel: t(`channel.${payment_method}`), date })}
      act={run}
      request={() => ({ body: { date, payment_method } })}
      button={isInRow ? { type: 'link', size: 'small' } : undefined}
    />
  )
  return <Allowed to="can_resolve_recharge">{isInRow ? <RowActions>{button}</RowActions> : button}</Allowed>
}

import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listReconciliationsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { Allowed } from '@/shared/Allowed'
import { later } from '@/shared/later'
import { Page } from '@/shared/Page'
import { QueryTable } from '@/shared/QueryTable'
import { keyOf } from './bills'
import { useBillColumns } from './columns'

const RunForm = later(() => import('./RunForm'))

export default function ReconciliationPage() {
  const { t } = useTranslation(['finance', 'common'])
  const [isOpen, setIsOpen] = useState(false)
  const run = (
    <Allowed to="can_resolve_recharge">
      <Button
        type="primary"
        onClick={() => {
          setIsOpen(true)
        }}
      >
        {t('reconciliation.run')}
      </Button>
    </Allowed>
  )
  return (
    <Page actions={run}>
      <QueryTable
        name="finance.reconciliation"
        list={listReconciliationsOptions}
        columns={useBillColumns()}
        rowKey={keyOf}
        empty={{ text: t('reconciliation.empty'), action: run }}
      />
      {isOpen && (
        <RunForm
          onClose={() => {
            setIsOpen(false)
          }}
        />
      )}
    </Page>
  )
}

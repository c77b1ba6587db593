import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Allowed } from '@/shared/Allowed'
import { later } from '@/shared/later'
import { Page } from '@/shared/Page'
import { QueryTable } from '@/shared/QueryTable'
import { listBills } from './bills'
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
        list={listBills}
        columns={useBillColumns()}
        rowKey="key"
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

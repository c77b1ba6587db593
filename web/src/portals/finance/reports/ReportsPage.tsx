import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PageReportItem } from '@/api/generated'
import { listReportsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { Allowed } from '@/shared/Allowed'
import type { Filter } from '@/shared/FilterBar'
import { later } from '@/shared/later'
import { Page } from '@/shared/Page'
import { QueryTable } from '@/shared/QueryTable'
import { textOf, useUrlState } from '@/shared/url-state'
import { useReportColumns } from './columns'
import { types } from './values'

const ReportForm = later(() => import('./ReportForm'))
const ReportPreview = later(() => import('./ReportPreview'))

/** While a report is being made, the list is read every second: no event tells how far it is. */
function listLive(options: Parameters<typeof listReportsOptions>[0]) {
  return {
    ...listReportsOptions(options),
    refetchInterval: ({ state }: { state: { data?: PageReportItem } }) =>
      state.data?.items.some(({ status }) => status === 'generating') ? 1_000 : false,
  }
}

export default function ReportsPage() {
  const { t } = useTranslation(['finance', 'common'])
  const [search] = useUrlState()
  const [isOpen, setIsOpen] = useState(false)
  const filters: Filter[] = [
    {
      kind: 'select',
      name: 'report_type',
      label: t('reports.type'),
      options: types.map((value) => ({ value, label: t(`reports.types.${value}`) })),
    },
  ]
  const generate = (
    <Allowed to="can_export_report">
      <Button
        type="primary"
        icon={<PlusOutlined />}
        onClick={() => {
          setIsOpen(true)
        }}
      >
        {t('reports.generate')}
      </Button>
    </Allowed>
  )
  return (
    <Page actions={generate}>
      <QueryTable
        name="finance.reports"
        list={listLive}
        columns={useReportColumns()}
        rowKey="report_id"
        filters={filters}
        empty={{ text: t('reports.empty'), action: generate }}
      />
      {isOpen && (
        <ReportForm
          onClose={() => {
            setIsOpen(false)
          }}
        />
      )}
      {textOf(search, 'pdf') && <ReportPreview />}
    </Page>
  )
}

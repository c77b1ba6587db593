import { PrinterOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '@/shared/Page'
import { ExportButton, type Report } from './ExportButton'
import { Filters } from './Filters'
import { daysOf, useAnalyticsQuery } from './query'

interface AnalystPageProps {
  /** What the page shows, as the export calls it. */
  report: Report
  /** Parameters of the report beside the filters. */
  parameters?: Record<string, string>
  children: ReactNode
}

/** A page of figures: what they cover, the filters, a file with them, and print. */
export function AnalystPage({ report, parameters, children }: AnalystPageProps) {
  const { t } = useTranslation(['analyst', 'common'])
  const [first, last] = daysOf(useAnalyticsQuery())
  return (
    <Page
      tags={<span className="figures">{t('filters.covers', { first, last })}</span>}
      actions={
        <>
          <Button
            icon={<PrinterOutlined />}
            onClick={() => {
              window.print()
            }}
          >
            {t('print')}
          </Button>
          <ExportButton report={report} parameters={parameters} />
        </>
      }
    >
      <Filters />
      {children}
    </Page>
  )
}

import { PrinterOutlined } from '@ant-design/icons'
import { Button, Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { FilterBar } from '@/shared/FilterBar'
import { later } from '@/shared/later'
import { Page } from '@/shared/Page'
import { TrendReport } from './TrendReport'
import { usePeriod } from './usePeriod'

/** What stands below the trend is not waited for. */
const Breakdowns = later(() => import('./Breakdowns'))

/** Everything on one page, so that each statistic is one click away and all of them are one print. */
export default function StatisticsPage() {
  const { t } = useTranslation(['operator', 'common'])
  const period = usePeriod()
  return (
    <Page
      actions={
        <Button
          icon={<PrinterOutlined />}
          onClick={() => {
            window.print()
          }}
        >
          {t('exports.print')}
        </Button>
      }
    >
      <Flex gap={12} align="center" wrap>
        <span className="no-print">
          <FilterBar filters={[{ kind: 'range' }]} />
        </span>
        <span className="figures">
          {t('statistics.period', { first: period.days[0], last: period.days[1] })}
        </span>
      </Flex>
      <TrendReport period={period} />
      <Breakdowns period={period} />
    </Page>
  )
}

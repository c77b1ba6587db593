import { useQuery } from '@tanstack/react-query'
import { SwapOutlined } from '@ant-design/icons'
import { Button, Flex, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { getAnalyticsCrossOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { HeatMap } from '@/shared/chart/Chart'
import { useUrlState } from '@/shared/url-state'
import { AnalystPage } from '../parts/AnalystPage'
import { ChartPanel } from '../parts/ChartPanel'
import { Choice } from '../parts/Choice'
import { distinctNames } from '../parts/entities'
import { unitOf } from '../parts/figures'
import { MeasureChoice, useMeasure } from '../parts/MeasureChoice'
import { useAnalyticsQuery, useChoice } from '../parts/query'
import { CrossTable } from './CrossTable'
import { cutCross } from './cut'

const dimensions = ['operator', 'site', 'app', 'player_count', 'day', 'week', 'month'] as const
type Dimension = (typeof dimensions)[number]
const views = ['table', 'heat'] as const

export default function CrossPage() {
  const { t } = useTranslation(['analyst', 'common'])
  const [, change] = useUrlState()
  const query = useAnalyticsQuery()
  const [measure] = useMeasure()
  const [view, setView] = useChoice('view', views)
  const [rows] = useChoice('rows', dimensions)
  // Something is not crossed with itself, whatever the address says.
  const others = dimensions.filter((dimension) => dimension !== rows) as [Dimension, ...Dimension[]]
  const [cols] = useChoice('cols', others, rows === 'app' ? 'player_count' : 'app')
  const parameters = { rows, cols, measure }
  const answer = useQuery({
    ...getAnalyticsCrossOptions({ query: { ...query, ...parameters } }),
    select: unwrap,
  })
  const title = `${t(`dimension.${rows}`)} × ${t(`dimension.${cols}`)}`
  const label = t('cross.label', { title, measure: t(`measure.${measure}`) })
  const select = (name: 'rows' | 'cols', value: Dimension, known: readonly Dimension[]) => (
    <Select<Dimension>
      aria-label={t(`cross.${name}`)}
      prefix={t(`cross.${name}`)}
      value={value}
      options={known.map((dimension) => ({ value: dimension, label: t(`dimension.${dimension}`) }))}
      popupMatchSelectWidth={false}
      style={{ minWidth: 140 }}
      onChange={(next) => {
        // What was in the columns moves over when it is wanted in the rows.
        change(name === 'rows' ? { rows: next, cols: next === cols ? rows : cols } : { cols: next })
      }}
    />
  )
  return (
    <AnalystPage report="cross" parameters={parameters}>
      <ChartPanel
        title={`${title} · ${t(`measure.${measure}`)}`}
        query={answer}
        extra={
          <Flex gap={8} wrap className="no-print">
            {select('rows', rows, dimensions)}
            <Button
              icon={<SwapOutlined />}
              aria-label={t('cross.swap')}
              onClick={() => {
                change({ rows: cols, cols: rows })
              }}
            />
            {select('cols', cols, others)}
            <MeasureChoice />
            <Choice
              label={t('cross.view')}
              value={view}
              options={views.map((value) => ({ value, label: t(`cross.views.${value}`) }))}
              onChange={setView}
            />
          </Flex>
        }
      >
        {view === 'table' ? (
          <CrossTable
            label={label}
            cross={answer.data}
            isLoading={answer.isLoading}
            corner={t(`dimension.${rows}`)}
            colsName={t(`dimension.${cols}`)}
            unit={unitOf[measure]}
          />
        ) : (
          <Heat label={label} cross={answer.data} isLoading={answer.isLoading} unit={unitOf[measure]} />
        )}
      </ChartPanel>
    </AnalystPage>
  )
}

type HeatProps = Pick<Parameters<typeof CrossTable>[0], 'label' | 'cross' | 'isLoading' | 'unit'>

function Heat({ label, cross, isLoading, unit }: HeatProps) {
  const { t } = useTranslation(['analyst', 'common'])
  const { rows, cols, cells, isCut } = cutCross(cross ?? { rows: [], cols: [], cells: [] })
  const names = (headings: typeof rows) => distinctNames(headings.map(({ key: id, name }) => ({ id, name })))
  return (
    <>
      {isCut && <p style={{ marginBlockStart: 0 }}>{t('cross.cut')}</p>}
      <HeatMap
        label={label}
        isLoading={isLoading}
        rows={names(rows)}
        columns={names(cols)}
        cells={cells}
        unit={unit}
      />
    </>
  )
}

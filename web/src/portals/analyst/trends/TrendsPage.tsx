import { useQuery } from '@tanstack/react-query'
import { Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { getAnalyticsTrendsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { LineChart } from '@/shared/chart/Chart'
import { position } from '@/shared/chart/model'
import { later } from '@/shared/later'
import { AnalystPage } from '../parts/AnalystPage'
import { ChartPanel } from '../parts/ChartPanel'
import { Choice } from '../parts/Choice'
import { distinctNames } from '../parts/entities'
import { unitOf, valueOf } from '../parts/figures'
import { MeasureChoice, useMeasure } from '../parts/MeasureChoice'
import { kinds, parameterOf, useAnalyticsQuery, useChoice, type AnalyticsQuery } from '../parts/query'
import { sumOf } from '../parts/sums'

const SeriesTable = later(() => import('./SeriesTable'))

const dimensions = ['day', 'week', 'month'] as const
const groupings = ['none', ...kinds] as const
type Grouping = (typeof groupings)[number]

/** As many lines as there are colours to tell them apart. */
const mostLines = 8

/** Whoever has chosen several wants to compare them. */
function likelyGrouping(query: AnalyticsQuery): Grouping {
  return kinds.find((kind) => (query[parameterOf[kind]]?.length ?? 0) > 1) ?? 'none'
}

export default function TrendsPage() {
  const { t } = useTranslation(['analyst', 'common'])
  const query = useAnalyticsQuery()
  const [measure] = useMeasure()
  const [dimension, setDimension] = useChoice('dimension', dimensions)
  const [grouping, setGrouping] = useChoice('group_by', groupings, likelyGrouping(query))
  const answer = useQuery({
    ...getAnalyticsTrendsOptions({ query: { ...query, dimension, group_by: grouping } }),
    select: unwrap,
  })
  const unit = unitOf[measure]
  const all = (answer.data?.series ?? []).map(({ key, name, points }) => {
    const id = key
    const values = points.map((point) => valueOf(point, measure))
    return { id, name: nameOf(key, name), points, values, total: sumOf(values, unit) }
  })
  const names = distinctNames(all)
  const named = all.map((series, index) => ({ ...series, name: names[index] ?? series.name }))
  const lines = named.toSorted((a, b) => position(b.total) - position(a.total)).slice(0, mostLines)
  function nameOf(key: string, name: string): string {
    if (key === 'all') return t(`measure.${measure}`)
    return key === 'others' ? t('trends.others') : name
  }
  return (
    <AnalystPage report="trends" parameters={{ dimension, group_by: grouping }}>
      <ChartPanel
        title={t(`trends.by.${grouping}`)}
        query={answer}
        extra={
          <Flex gap={8} wrap>
            <Choice
              label={t('trends.grouping')}
              value={grouping}
              options={groupings.map((value) => ({ value, label: t(`trends.group.${value}`) }))}
              onChange={setGrouping}
            />
            <Choice
              label={t('trends.dimension')}
              value={dimension}
              options={dimensions.map((value) => ({ value, label: t(`dimension.${value}`) }))}
              onChange={setDimension}
            />
            <MeasureChoice />
          </Flex>
        }
      >
        {all.length > mostLines && (
          <p style={{ marginBlockStart: 0 }}>{t('trends.cut', { shown: mostLines, all: all.length })}</p>
        )}
        <LineChart
          label={t('trends.label', { measure: t(`measure.${measure}`) })}
          height={380}
          isLoading={answer.isLoading}
          unit={unit}
          categories={all[0]?.points.map(({ date }) => date) ?? []}
          series={lines}
        />
      </ChartPanel>
      {grouping !== 'none' && <SeriesTable kind={grouping} series={named} isLoading={answer.isLoading} />}
    </AnalystPage>
  )
}

import { Button, Flex, Segmented, Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'
import { later } from '@/shared/later'
import { Panel } from '@/shared/Panel'
import { useUrlState, type Search } from '@/shared/url-state'
import { EntitySelect } from './EntitySelect'
import { daysOf, filtersOf, kinds, lastDays, parameterOf, queryOf } from './query'

const RangeField = later(
  () => import('@/shared/RangeField'),
  <Skeleton.Input active style={{ width: 250 }} />,
)

const presets = [7, 30, 90, 365]

/** Time, operators, sites and apps, the same on every page. */
export function Filters() {
  const { t } = useTranslation(['analyst', 'common'])
  const [search, change] = useUrlState()
  const query = queryOf(search)
  const narrow = (changes: Search) => {
    change({ ...changes, page: undefined })
  }
  const days = daysOf(query).join()
  const preset = presets.find((count) => daysOf(lastDays(count)).join() === days)
  const used = Object.keys(filtersOf(search))
  return (
    <div className="no-print">
      <Panel>
        <Flex gap={8} wrap align="center">
          <Segmented<number>
            value={preset ?? 0}
            aria-label={t('filters.time')}
            options={presets.map((value) => ({ value, label: t('filters.lastDays', { count: value }) }))}
            onChange={(count) => {
              narrow(lastDays(count))
            }}
          />
          <RangeField search={search} narrow={narrow} />
          {kinds.map((kind) => (
            <EntitySelect
              key={kind}
              kind={kind}
              query={query}
              onChange={(ids) => {
                narrow({ [parameterOf[kind]]: ids })
              }}
            />
          ))}
          {used.length > 0 && (
            <Button
              type="link"
              onClick={() => {
                narrow(Object.fromEntries(used.map((name) => [name, undefined])))
              }}
            >
              {t('common:table.clearFilters')}
            </Button>
          )}
        </Flex>
      </Panel>
    </div>
  )
}

import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Column } from '@/shared/DataTable'
import { QueryTable } from '@/shared/QueryTable'
import { ShareBar } from '@/shared/ShareBar'
import { useUrlState } from '@/shared/url-state'
import { AnalystPage } from '../parts/AnalystPage'
import { filtersOf, parameterOf, queryOf, type Kind } from '../parts/query'
import { entityOf, rankings, type Ranked } from './rows'
import { TopEntities } from './TopEntities'

/** Who took how much, the most first. */
export function Ranking({ kind }: { kind: Kind }) {
  const { t } = useTranslation(['analyst', 'common'])
  const [search] = useUrlState()
  const columns: Column<Ranked>[] = [
    { key: 'name', title: t(`ranking.name.${kind}`), render: (row) => <EntityLink row={row} kind={kind} /> },
    { key: 'total_sessions', title: t('measure.sessions'), kind: 'number' },
    { key: 'total_players', title: t('measure.players'), kind: 'number' },
    { key: 'avg_players_per_session', title: t('ranking.average'), kind: 'number' },
    { key: 'total_cost', title: t('measure.cost'), kind: 'money' },
    {
      key: 'percentage',
      title: t('ranking.share'),
      render: ({ percentage }) => <Share percentage={percentage} />,
    },
    // Sites of different operators may be called alike.
    {
      key: rankings[kind].rowKey,
      title: t('ranking.id'),
      kind: 'id',
      isHidden: kind !== 'site',
    } as Column<Ranked>,
  ]
  return (
    <AnalystPage report={`by-${kind}`}>
      <TopEntities kind={kind} count={10} isLinked={false} />
      <QueryTable
        name={`analyst.by-${kind}`}
        list={rankings[kind].list as never}
        fixed={{ ...queryOf(search) }}
        columns={columns as never}
        rowKey={rankings[kind].rowKey as never}
        empty={{ text: t('ranking.empty') }}
      />
    </AnalystPage>
  )
}

function Share({ percentage }: { percentage: number }) {
  const { t } = useTranslation(['analyst', 'common'])
  return (
    <ShareBar percent={percentage} label={t('ranking.share')}>
      {percentage.toFixed(2)}%
    </ShareBar>
  )
}

/** To how it went over time. */
function EntityLink({ row, kind }: { row: Ranked; kind: Kind }) {
  const [search] = useUrlState()
  const { id, name } = entityOf(row)
  const target = { ...filtersOf(search), [parameterOf[kind]]: id, group_by: kind }
  return (
    <Link to="/analyst/trends" search={target as never}>
      {name}
    </Link>
  )
}

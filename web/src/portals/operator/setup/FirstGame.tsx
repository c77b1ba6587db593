import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { LoadingOutlined } from '@ant-design/icons'
import { Alert, Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import type { SiteItem } from '@/api/generated'
import { listUsageRecordsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { formatMoney } from '@/shared/money'
import { ProblemView } from '@/shared/ProblemView'
import { formatTime } from '@/shared/time'
import { Step } from './Step'

/** A charge is told by the live stream; should it be late, asking anew now and then finds it as well. */
const pollMs = 5_000

/** Turns green with the first game of the chosen site. */
export function FirstGame({ site }: { site: SiteItem | undefined }) {
  const { t } = useTranslation(['operator', 'common'])
  const query = useQuery({
    ...listUsageRecordsOptions({ query: { site_id: site?.site_id, page_size: 1 } }),
    enabled: site !== undefined,
    refetchInterval: ({ state }) => (state.data?.items.length ? false : pollMs),
  })
  const game = query.data?.items[0]
  return (
    <Step number={5} title={t('setup.first.title')} isDone={game !== undefined}>
      <div role="status">
        {query.error && <ProblemView error={query.error} onRetry={() => void query.refetch()} />}
        {game && (
          <Alert
            type="success"
            showIcon
            title={t('setup.first.arrived', {
              site: game.site_name,
              app: game.app_name,
              players: game.player_count,
              cost: formatMoney(game.total_cost),
              time: formatTime(game.created_at),
            })}
            description={
              <Link to="/operator/usage" search={{ site_id: game.site_id } as never}>
                {t('setup.first.usage')}
              </Link>
            }
          />
        )}
        {!game && !query.error && (
          <Flex gap={10} align="center">
            {site && <LoadingOutlined />}
            <span>{site ? t('setup.first.waiting', { site: site.name }) : t('setup.command.notYet')}</span>
          </Flex>
        )}
      </div>
    </Step>
  )
}

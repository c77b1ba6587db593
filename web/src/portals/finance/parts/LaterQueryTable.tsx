import { Skeleton } from 'antd'
import { later } from '@/shared/later'
import { Panel } from '@/shared/Panel'
import type { QueryTable as Loaded } from '@/shared/QueryTable'

const waiting = (
  <Panel isBusy>
    <Skeleton active title={false} paragraph={{ rows: 8, width: '100%' }} />
  </Panel>
)

/** The list of a page that has tabs or acts, too, and would be too heavy with it: the list comes after the page. */
export const QueryTable = later(
  async () => ({ default: (await import('@/shared/QueryTable')).QueryTable as never }),
  waiting,
) as unknown as typeof Loaded

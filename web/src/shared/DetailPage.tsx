import type { UseQueryResult } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Skeleton, Tabs } from 'antd'
import type { ReactNode } from 'react'
import { Page } from './Page'
import { Panel } from './Panel'
import { ProblemView } from './ProblemView'
import { textOf, useUrlState } from './url-state'

interface DetailPageProps<Thing> {
  query: UseQueryResult<Thing, unknown>
  title: (thing: Thing) => string
  tags?: (thing: Thing) => ReactNode
  actions?: (thing: Thing) => ReactNode
  /** The first tab is shown unless the address names another. */
  tabs?: (thing: Thing) => { key: string; label: string; children: ReactNode }[]
  children?: (thing: Thing) => ReactNode
}

/** A parameter of the path, such as the id of what the page is about. */
export function useParam(name: string): string {
  const params: Record<string, string | undefined> = useParams({ strict: false })
  return params[name] ?? ''
}

/** A page about one thing. */
export function DetailPage<Thing>({ query, title, tags, actions, tabs, children }: DetailPageProps<Thing>) {
  const thing = query.data
  if (thing === undefined) {
    return (
      <Page>
        {query.error ? (
          <ProblemView error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Panel isBusy>
            <Skeleton active paragraph={{ rows: 8 }} />
          </Panel>
        )}
      </Page>
    )
  }
  return (
    <Page title={title(thing)} tags={tags?.(thing)} actions={actions?.(thing)}>
      {children?.(thing)}
      {tabs && <UrlTabs items={tabs(thing)} />}
    </Page>
  )
}

/** Tabs that the address remembers; what belonged to the tab before, such as its page, is forgotten. */
export function UrlTabs({ items }: { items: { key: string; label: ReactNode; children: ReactNode }[] }) {
  const [search, change] = useUrlState()
  return (
    <Tabs
      activeKey={textOf(search, 'tab') ?? items[0]?.key}
      items={items}
      destroyOnHidden
      onChange={(tab) => {
        const forgotten = Object.fromEntries(Object.keys(search).map((name) => [name, undefined]))
        change({ ...forgotten, tab: tab === items[0]?.key ? undefined : tab })
      }}
    />
  )
}

/**
 * One stream of news per tab. It changes nothing but the query cache, so that pages show it without knowing: what the
 * news is about is read again. While the stream is down, the same is read again every ten seconds.
 */
import type { Query, QueryClient } from '@tanstack/react-query'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { session, useSession } from '../session/session'
import { backoff, eventParser, type ServerEvent } from './stream'

/** Operations whose answers an event outdates. Pages of a portal add theirs here when a new event or list appears. */
const outdated: Record<string, readonly string[]> = {
  balance: ['getBalance', 'getProfile', 'listTransactions'],
  message: ['listMessages', 'getMessage'],
  order: ['listRecharges', 'getRecharge', 'getBalance', 'getLimits'],
  refund: ['listRefunds', 'getRefund', 'getBalance', 'getLimits'],
  invoice: ['listInvoices', 'getInvoice', 'getLimits'],
  app_request: ['listAppRequests', 'getAppRequest', 'listAppCatalog', 'listAuthorizedApps'],
  dashboard: [
    'getAdminDashboard',
    'getFinanceDashboard',
    'getFinanceTrends',
    'getAnalyticsOverview',
    'getConsumption',
    'getConsumptionByApp',
    'getConsumptionBySite',
    'getPlayerDistribution',
    'listUsageRecords',
    'listAllAppRequests',
    'listAllRefunds',
    'listAllInvoices',
    'listAllRecharges',
    'getAnyRefund',
    'getAnyRecharge',
    'getCustomerDetails',
    'listCustomers',
    'listTopCustomers',
    'listAllTransactions',
    'listSecurityEvents',
  ],
}

const pollMs = 10_000
const silenceMs = 45_000

type State = 'connecting' | 'live' | 'polling'
let state: State = 'connecting'
const watchers = new Set<() => void>()

function setState(next: State) {
  if (state === next) return
  state = next
  watchers.forEach((watcher) => {
    watcher()
  })
}

/** Whether news arrives by itself or is asked for. */
export function useLiveState(): State {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => state,
  )
}

/** Reads again whatever the event outdates and some page shows. */
export function take(queries: QueryClient, event: ServerEvent): void {
  if (event.type === 'refresh') outdate(queries, () => true)
  else readAgain(queries, outdated[event.type] ?? [])
}

function readAgain(queries: QueryClient, operations: readonly string[]) {
  outdate(queries, ({ queryKey }) => {
    const [key] = queryKey as [{ _id?: string } | undefined]
    return key?._id !== undefined && operations.includes(key._id)
  })
}

function outdate(queries: QueryClient, predicate: (query: Query) => boolean) {
  for (const query of queries.getQueryCache().findAll({ predicate })) {
    // What is being read for the first time may have been answered before the event, and is not begun anew.
    if (query.state.data !== undefined || query.state.fetchStatus === 'idle') continue
    const { queryKey } = query
    const again = () => queries.invalidateQueries({ queryKey, exact: true })
    void query.promise?.then(again, () => undefined)
  }
  void queries.invalidateQueries({ predicate })
}

/** Keeps the stream open while somebody is signed in; the shell calls it once. */
export function useLive(): void {
  const queries = useQueryClient()
  const token = useSession()?.token
  useEffect(() => {
    if (!token) return undefined
    const stop = new AbortController()
    const polling = setInterval(() => {
      if (state === 'polling' && !document.hidden) readAgain(queries, Object.values(outdated).flat())
    }, pollMs)
    void keepOpen(queries, token, stop.signal)
    return () => {
      stop.abort()
      clearInterval(polling)
      // Whoever signs in next has heard nothing yet.
      setState('connecting')
    }
  }, [queries, token])
}

/** Whatever happened while nothing was heard is read now; of a new page, what it knew before the stream was there. */
export function catchUp(queries: QueryClient): void {
  const wasAway = state === 'polling'
  void queries.invalidateQueries({
    predicate: ({ state: known }) => wasAway || (known.data !== undefined && known.fetchStatus === 'idle'),
  })
}

async function keepOpen(queries: QueryClient, token: string, stop: AbortSignal) {
  for (let failures = 0; !stop.aborted; failures += 1) {
    const wasOpen = await follow(queries, token, stop)
    if (stop.aborted) return
    if (wasOpen) failures = 0
    setState('polling')
    await new Promise((resolve) => setTimeout(resolve, backoff(failures)))
  }
}

/** Follows one connection to its end; tells whether it was open at all. */
async function follow(queries: QueryClient, token: string, stop: AbortSignal): Promise<boolean> {
  const connection = new AbortController()
  const signal = AbortSignal.any([stop, connection.signal])
  try {
    const headers = { Authorization: `Bearer ${token}`, Accept: 'text/event-stream' }
    const response = await fetch('/v1/events', { headers, signal })
    if (response.status === 401) session.expire(token)
    if (!response.ok || !response.body) return false
    catchUp(queries)
    setState('live')
    await read(
      response.body,
      eventParser((event) => {
        take(queries, event)
      }),
      connection,
    )
    return true
  } catch {
    return state === 'live'
  }
}

/** Gives up a connection that says nothing at all: the server sends a comment every 15 seconds. */
async function read(
  body: ReadableStream<Uint8Array>,
  parse: (text: string) => void,
  connection: AbortController,
) {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  for (;;) {
    const silence = setTimeout(() => {
      connection.abort()
    }, silenceMs)
    const { done, value } = await reader.read().finally(() => {
      clearTimeout(silence)
    })
    if (done) return
    parse(decoder.decode(value, { stream: true }))
  }
}

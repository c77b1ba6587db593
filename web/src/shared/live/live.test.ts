import { QueryClient } from '@tanstack/react-query'
import { describe, expect, it, vi } from 'vitest'
import { catchUp, take } from './live'
import { backoff, eventParser, type ServerEvent } from './stream'

function parse(...texts: string[]): ServerEvent[] {
  const events: ServerEvent[] = []
  const feed = eventParser((event) => events.push(event))
  texts.forEach(feed)
  return events
}

describe('the stream', () => {
  it('is split into events with their data', () => {
    expect(parse('event: balance\ndata: {"balance":"5.00"}\n\nevent: refresh\ndata: {}\n\n')).toEqual([
      { type: 'balance', data: { balance: '5.00' } },
      { type: 'refresh', data: {} },
    ])
  })

  it('may be cut anywhere', () => {
    expect(parse('event: mes', 'sage\ndata: {"unread', '_count":2}\n', '\n')).toEqual([
      { type: 'message', data: { unread_count: 2 } },
    ])
  })

  it('has comments that mean nothing', () => {
    expect(parse(':\n\n: still here\n\nevent: refresh\r\ndata: {}\r\n\r\n')).toHaveLength(1)
  })

  it('is opened again later and later, but within half a minute', () => {
    expect(backoff(0, 1)).toBe(1_000)
    expect(backoff(3, 1)).toBe(8_000)
    expect(backoff(50, 1)).toBe(30_000)
    expect(backoff(3, 0)).toBe(4_000)
  })
})

describe('a stream that has just opened', () => {
  it('outdates what was known before, and leaves what is on its way', async () => {
    const queries = new QueryClient()
    queries.setQueryData(['known'], 1)
    void queries.fetchQuery({ queryKey: ['coming'], queryFn: () => new Promise(() => undefined) })
    catchUp(queries)
    await Promise.resolve()
    expect(queries.getQueryState(['known'])?.isInvalidated).toBe(true)
    expect(queries.getQueryState(['coming'])?.isInvalidated).toBe(false)
  })
})

describe('an event', () => {
  const cache = () => {
    const queries = new QueryClient()
    queries.setQueryData([{ _id: 'getBalance' }], { balance: '1.00' })
    queries.setQueryData([{ _id: 'listSites' }], [])
    const outdated = (id: string) => queries.getQueryState([{ _id: id }])?.isInvalidated
    return { queries, outdated }
  }

  it('outdates what it is about and nothing else', () => {
    const { queries, outdated } = cache()
    take(queries, { type: 'balance', data: { balance: '2.00' } })
    expect(outdated('getBalance')).toBe(true)
    expect(outdated('listSites')).toBe(false)
  })

  it('outdates also what was on its way, once it is there', async () => {
    const queries = new QueryClient()
    const queryKey = [{ _id: 'getBalance' }]
    let answer: (text: string) => void = () => undefined
    const read = queries.fetchQuery({
      queryKey,
      queryFn: () => new Promise<string>((resolve) => (answer = resolve)),
    })
    take(queries, { type: 'balance', data: { balance: '2.00' } })
    answer('1.00')
    await read
    await vi.waitFor(() => {
      expect(queries.getQueryState(queryKey)?.isInvalidated).toBe(true)
    })
  })

  it('that says news was lost outdates everything', () => {
    const { queries, outdated } = cache()
    take(queries, { type: 'refresh', data: {} })
    expect(outdated('listSites')).toBe(true)
  })

  it('of a kind that is not known yet does nothing', () => {
    const { queries } = cache()
    const invalidate = vi.spyOn(queries, 'invalidateQueries')
    take(queries, { type: 'later', data: {} })
    expect(queries.getQueryState([{ _id: 'listSites' }])?.isInvalidated).toBe(false)
    expect(invalidate).toHaveBeenCalledOnce()
  })
})

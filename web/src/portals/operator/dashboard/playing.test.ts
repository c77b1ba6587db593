import { describe, expect, it } from 'vitest'
import type { SiteItem, UsageItem } from '@/api/generated'
import { sitesNow } from './playing'

const now = new Date('2026-03-01T12:00:00.000Z').getTime()
const site = (site_id: string) => ({ site_id, name: site_id }) as SiteItem
const usage = (site_id: string, minutesAgo: number, game_duration: number | null = null) =>
  ({
    site_id,
    site_name: site_id,
    app_name: 'A',
    player_count: 3,
    game_duration,
    created_at: new Date(now - minutesAgo * 60_000).toISOString(),
  }) as UsageItem

describe('the sites now', () => {
  it('add up their games, the latest first, the quiet ones last', () => {
    const found = sitesNow(
      [site('a'), site('b'), site('c')],
      [usage('b', 1), usage('c', 2), usage('b', 30, 600)],
      now,
    )
    expect(found.map(({ id, sessions, players }) => [id, sessions, players])).toEqual([
      ['b', 2, 6],
      ['c', 1, 3],
      ['a', 0, 0],
    ])
    expect(found[0]?.lastAt).toBe(new Date(now - 60_000).toISOString())
  })

  it('play what began within the hour and has no end', () => {
    const running = (record: UsageItem) => sitesNow([], [record], now)[0]?.running
    expect(running(usage('a', 59))).toBe(1)
    expect(running(usage('a', 61))).toBe(0)
    expect(running(usage('a', 5, 240))).toBe(0)
  })
})

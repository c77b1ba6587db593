/** What goes on at each site, from the newest usage records. */
import type { SiteItem, UsageItem } from '@/api/generated'

export interface SiteNow {
  id: string
  name: string
  sessions: number
  players: number
  /** Games without a reported end that began within the hour. */
  running: number
  lastAt: string | undefined
  lastApp: string | undefined
}

const hourMs = 3_600_000

/** A headset server need not report the end of a game, so an old game without an end is over too. */
function isRunning(usage: UsageItem, now: number): boolean {
  return typeof usage.game_duration !== 'number' && now - new Date(usage.created_at).getTime() < hourMs
}

/** The sites with the latest games first, then those without any. Records come newest first. */
export function sitesNow(sites: SiteItem[], records: UsageItem[], now: number = Date.now()): SiteNow[] {
  const found = new Map<string, SiteNow>()
  for (const usage of records) {
    const site = found.get(usage.site_id) ?? {
      id: usage.site_id,
      name: usage.site_name,
      sessions: 0,
      players: 0,
      running: 0,
      lastAt: usage.created_at,
      lastApp: usage.app_name,
    }
    site.sessions += 1
    site.players += usage.player_count
    if (isRunning(usage, now)) site.running += 1
    found.set(usage.site_id, site)
  }
  const quiet = sites.filter((site) => !found.has(site.site_id))
  const idle = { sessions: 0, players: 0, running: 0, lastAt: undefined, lastApp: undefined }
  return [...found.values(), ...quiet.map((site) => ({ id: site.site_id, name: site.name, ...idle }))]
}

/** The pages that the app has, as it lists them itself, and things for the pages that are about one. */
import { execFileSync } from 'node:child_process'
import type { AccountName, Portal } from './accounts'
import type { Server } from './server'

export interface SitePage {
  portal: Portal
  /** Parameters begin with `$`. */
  path: string
  needs?: string
}

export function listPages(): SitePage[] {
  return JSON.parse(execFileSync(process.execPath, ['scripts/site-map.mjs'], { encoding: 'utf8' })) as SitePage[]
}

/** How a visitor who has no such thing yet gets one. */
interface Make {
  path: string
  body: Record<string, unknown>
}

/** For a page about one thing, who can list such things, where, and the field with the id. */
const lists: Record<string, { as: 'admin' | 'finance' | 'visitor'; path: string; field: string; make?: Make }> = {
  '/operator/top-up/$id': {
    as: 'visitor',
    path: '/v1/operators/me/recharges',
    field: 'order_id',
    make: { path: '/v1/operators/me/recharge', body: { amount: '100.00', payment_method: 'wechat' } },
  },
  '/admin/operators/$id': { as: 'admin', path: '/v1/admin/operators', field: 'operator_id' },
}

/** The path with the id of something that exists, for the account that goes there. */
export async function fillIn(server: Server, path: string, visitor?: AccountName): Promise<string> {
  if (!path.includes('$')) return path
  const list = lists[path]
  if (list === undefined) throw new Error(`${path}: say in ${import.meta.filename} where its id comes from`)
  const who = list.as === 'visitor' ? (visitor ?? 'operator1') : list.as
  const { token } = await server.api.signIn(who)
  const { items } = await server.api.get<{ items: Record<string, string>[] }>(list.path, token)
  const found = items[0] ?? (list.make && (await server.api.post<Record<string, string>>(list.make.path, list.make.body, token)))
  const id = found?.[list.field]
  if (id === undefined) throw new Error(`${list.path} lists nothing`)
  return path.replace(/\$\w+/, id)
}

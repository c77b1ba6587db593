/** The pages that the app has, as it lists them itself, and things for the pages that are about one. */
import { execFileSync } from 'node:child_process'
import type { AccountName, Portal } from './accounts'
import { order, reconcileYesterday, requestRefund } from './payments'
import type { Server } from './server'
import { makeVenue } from './venue'

export interface SitePage {
  portal: Portal
  /** Parameters begin with `$`. */
  path: string
  needs?: string
}

export function listPages(): SitePage[] {
  return JSON.parse(execFileSync(process.execPath, ['scripts/site-map.mjs'], { encoding: 'utf8' })) as SitePage[]
}

interface Things {
  /** Who can list them, and where. */
  as: 'admin' | 'finance' | 'visitor'
  path: string
  /** The field with the id; several are joined by a dot. */
  fields: string[]
  /** Makes one where there is none yet, as whoever lists them. */
  make?: (server: Server, token: string) => Promise<unknown>
}

/** For a page about one thing, where such things are listed. */
const lists: Record<string, Things> = {
  '/operator/top-up/$id': {
    as: 'visitor',
    path: '/v1/operators/me/recharges',
    fields: ['order_id'],
    make: (server, token) =>
      server.api.post('/v1/operators/me/recharge', { amount: '100.00', payment_method: 'wechat' }, token),
  },
  '/admin/applications/$id': { as: 'admin', path: '/v1/admin/applications', fields: ['app_id'] },
  '/admin/operators/$id': { as: 'admin', path: '/v1/admin/operators', fields: ['operator_id'] },
  '/finance/customers/$id': { as: 'finance', path: '/v1/finance/customers', fields: ['operator_id'] },
  '/finance/refunds/$id': {
    as: 'finance',
    path: '/v1/finance/refunds',
    fields: ['refund_id'],
    make: async (server) => requestRefund(server, await makeVenue(server)),
  },
  '/finance/recharges/$id': {
    as: 'finance',
    path: '/v1/finance/recharges',
    fields: ['order_id'],
    make: async (server) => order(server, await makeVenue(server), '100.00'),
  },
  '/finance/reconciliation/$id': {
    as: 'finance',
    path: '/v1/finance/reconciliation',
    fields: ['date', 'payment_method'],
    make: reconcileYesterday,
  },
}

/** The path with the id of something that exists, for the account that goes there. */
export async function fillIn(server: Server, path: string, visitor?: AccountName): Promise<string> {
  if (!path.includes('$')) return path
  const list = lists[path]
  if (list === undefined) throw new Error(`${path}: say in ${import.meta.filename} where its id comes from`)
  const who = list.as === 'visitor' ? (visitor ?? 'operator1') : list.as
  const { token } = await server.api.signIn(who)
  const first = async () => {
    const { items } = await server.api.get<{ items: Record<string, string>[] }>(list.path, token)
    return items[0]
  }
  let thing = await first()
  if (thing === undefined) {
    await list.make?.(server, token)
    thing = await first()
  }
  if (thing === undefined) throw new Error(`${list.path} lists nothing`)
  const found = thing
  return path.replace(/\$\w+/, list.fields.map((field) => found[field]).join('.'))
}

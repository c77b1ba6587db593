/** The pages that the app has, as it lists them itself, and things for the pages that are about one. */
import { execFileSync } from 'node:child_process'
import type { Portal } from './accounts'
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

/** For a page about one thing, who can list such things, where, and the field with the id. */
const lists: Record<string, { as: 'admin' | 'finance'; path: string; field: string }> = {
  '/admin/applications/$id': { as: 'admin', path: '/v1/admin/applications', field: 'app_id' },
  '/admin/operators/$id': { as: 'admin', path: '/v1/admin/operators', field: 'operator_id' },
}

/** The path with the id of something that exists. */
export async function fillIn(server: Server, path: string): Promise<string> {
  if (!path.includes('$')) return path
  const list = lists[path]
  if (list === undefined) throw new Error(`${path}: say in ${import.meta.filename} where its id comes from`)
  const { token } = await server.api.signIn(list.as)
  const { items } = await server.api.get<{ items: Record<string, string>[] }>(list.path, token)
  const id = items[0]?.[list.field]
  if (id === undefined) throw new Error(`${list.path} lists nothing`)
  return path.replace(/\$\w+/, id)
}

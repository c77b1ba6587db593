/** Operators of a test's own, and their headset servers. */
import { createHmac, randomBytes, randomInt } from 'node:crypto'
import type { Account } from './accounts'
import type { Server } from './server'

const password = 'Venue12345'

/** An operator with a site, a game it may play, and its API key. */
export interface Venue {
  account: Account
  operatorId: string
  apiKey: string
  siteId: string
  appId: string
}

interface Registered {
  operator_id: string
  api_key: string
}

/** Registers as a person would: nothing granted, no balance. */
export async function registerOperator(server: Server): Promise<Registered & { account: Account }> {
  const account = newAccount()
  const registered = await server.api.post<Registered>('/v1/auth/operators/register', particularsOf(account))
  return { ...registered, account }
}

/** An operator with everything it needs to start a game, and a balance. */
export async function makeVenue(server: Server, balance = '500.00'): Promise<Venue> {
  const { api } = server
  const { token: admin } = await api.signIn('admin')
  const account = newAccount()
  const body = { ...particularsOf(account), initial_balance: balance }
  const { operator_id: operatorId, api_key: apiKey } = await api.post<Registered>('/v1/admin/operators', body, admin)
  const { token } = await api.signIn(account)
  const place = { name: '北京朝阳店', address: '北京市朝阳区建国路88号' }
  const { site_id: siteId } = await api.post<{ site_id: string }>('/v1/operators/me/sites', place, token)
  const found = await api.get<{ items: { app_id: string }[] }>('/v1/admin/applications?keyword=太空探险', admin)
  const appId = found.items[0]?.app_id ?? ''
  await api.post('/v1/admin/authorizations', { operator_id: operatorId, app_id: appId }, admin)
  return { account, operatorId, apiKey, siteId, appId }
}

function newAccount(): Account {
  return { portal: 'operator', username: `e2e_${randomBytes(6).toString('hex')}`, password }
}

function particularsOf(account: Account): Record<string, unknown> {
  return {
    username: account.username,
    password: account.password,
    name: `门店 ${account.username.slice(-4)}`,
    phone: `139${String(randomInt(100_000_000)).padStart(8, '0')}`,
    email: `${account.username}@example.com`,
  }
}

interface Reply {
  status: number
  body: Record<string, unknown>
}

/** What the venue's headset server asks before a game; the same session id asks for the same game again. */
export async function authorize(
  server: Server,
  venue: Venue,
  players: number,
  sessionId = newSessionId(venue),
): Promise<Reply> {
  const path = '/v1/auth/game/authorize'
  const body = JSON.stringify({ app_id: venue.appId, site_id: venue.siteId, player_count: players })
  const timestamp = Math.floor(Date.now() / 1000).toString()
  const signature = createHmac('sha256', venue.apiKey).update(`${timestamp}\nPOST\n${path}\n${body}`).digest('base64')
  const headers = {
    'Content-Type': 'application/json',
    'X-Api-Key': venue.apiKey,
    'X-Timestamp': timestamp,
    'X-Signature': signature,
    'X-Session-ID': sessionId,
  }
  const response = await fetch(`${server.url}${path}`, { method: 'POST', headers, body })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

export function newSessionId(venue: Venue): string {
  return `${venue.operatorId}_${String(Date.now())}_${randomBytes(8).toString('hex')}`
}

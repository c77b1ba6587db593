/** Calls of the API, for what a test needs before a person comes to a page. */
import { type Account, type AccountName, accounts, doorOf, type Portal } from './accounts'

type Json = Record<string, unknown>

/** A signed-in account: the token, and the session as the app keeps it. */
export interface SignedIn {
  token: string
  session: Json
}

export class Api {
  constructor(private readonly url: string) {}

  get<T>(path: string, token?: string): Promise<T> {
    return this.call('GET', path, undefined, token)
  }

  post<T>(path: string, body: Json, token?: string): Promise<T> {
    return this.call('POST', path, body, token)
  }

  put<T>(path: string, body: Json, token?: string): Promise<T> {
    return this.call('PUT', path, body, token)
  }

  async signIn(who: AccountName | Account): Promise<SignedIn> {
    const { portal, username, password } = typeof who === 'string' ? accounts[who] : who
    const path = `/v1/auth/${doorOf(portal)}/login`
    const answer = await this.post<Json & { access_token: string }>(path, { username, password })
    return { token: answer.access_token, session: toSession(portal, answer) }
  }

  /** The data of the answer, or the whole answer where it is a list. */
  private async call<T>(method: string, path: string, body?: Json, token?: string): Promise<T> {
    const headers: Record<string, string> = { 'Content-Type': 'application/json' }
    if (token !== undefined) headers.Authorization = `Bearer ${token}`
    const response = await fetch(`${this.url}${path}`, { method, headers, body: JSON.stringify(body) })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${String(response.status)} ${text}`)
    const answer = JSON.parse(text) as { data?: T }
    return answer.data ?? (answer as T)
  }
}

/** What `src/shared/session` keeps of a sign-in; the test of the sign-in page holds the two together. */
function toSession(portal: Portal, answer: Json & { access_token: string }): Json {
  const who = answer[portal] as Json
  return {
    token: answer.access_token,
    role: portal,
    accountId: who[`${portal}_id`],
    username: who.username,
    name: who.name,
    staffRole: who.role,
    permissions: who.permissions ?? {},
  }
}

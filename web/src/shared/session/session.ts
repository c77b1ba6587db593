/** Who is signed in, in every tab of the browser alike. */
import type {
  AdminPermissions,
  AdminSignedIn,
  AnalystSignedIn,
  FinancePermissions,
  FinanceSignedIn,
  OperatorSignedIn,
} from '@/api/generated'
import { stored, useStored } from '@/shared/stored'

export const roles = ['operator', 'admin', 'finance', 'analyst'] as const
export type Role = (typeof roles)[number]

export type Permission = keyof AdminPermissions | keyof FinancePermissions

export interface Session {
  token: string
  role: Role
  accountId: string
  username: string
  name: string
  /** `super_admin`, `manager` …; operators and analysts have one role each. */
  staffRole?: string
  permissions: Partial<Record<Permission, boolean>>
}

const store = stored<Session | undefined>('session', (text) =>
  text === null ? undefined : (JSON.parse(text) as Session),
)

/** Why nobody is signed in in this tab, as far as the tab knows. */
let ending: 'none' | 'expired' | 'left' = 'none'

export const session = {
  get: store.get,
  subscribe: store.subscribe,
  begin: (next: Session) => {
    ending = 'none'
    store.set(next)
  },
  /** The person signed out here. */
  end: () => {
    ending = 'left'
    store.set(undefined)
  },
  /** The server no longer takes the token; a token that was replaced meanwhile does not matter. */
  expire: (token: string) => {
    if (store.get()?.token !== token) return
    ending = 'expired'
    store.set(undefined)
  },
  hasExpired: () => ending === 'expired',
  hasLeft: () => ending === 'left',
}

export function useSession(): Session | undefined {
  return useStored(store)
}

type Answer = OperatorSignedIn | AdminSignedIn | FinanceSignedIn | AnalystSignedIn

/** The session that a sign-in began. */
export function toSession(answer: Answer): Session {
  const token = answer.access_token
  if ('operator' in answer) {
    const { operator_id: accountId, username, name } = answer.operator
    return { token, role: 'operator', accountId, username, name, permissions: {} }
  }
  if ('admin' in answer) {
    const { admin_id: accountId, username, name, role, permissions } = answer.admin
    return { token, role: 'admin', accountId, username, name, staffRole: role, permissions }
  }
  if ('finance' in answer) {
    const { finance_id: accountId, username, name, role, permissions } = answer.finance
    return { token, role: 'finance', accountId, username, name, staffRole: role, permissions }
  }
  const { analyst_id: accountId, username, name } = answer.analyst
  return { token, role: 'analyst', accountId, username, name, permissions: {} }
}

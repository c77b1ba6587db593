/** The demo accounts, and what each is called where. */

export const portals = ['operator', 'admin', 'finance', 'analyst'] as const
export type Portal = (typeof portals)[number]

export interface Account {
  portal: Portal
  username: string
  password: string
}

export const accounts = {
  operator1: { portal: 'operator', username: 'operator1', password: 'Operator12345' },
  operator2: { portal: 'operator', username: 'operator2', password: 'Operator12345' },
  admin: { portal: 'admin', username: 'admin', password: 'Admin12345' },
  support: { portal: 'admin', username: 'support', password: 'Support12345' },
  finance: { portal: 'finance', username: 'finance', password: 'Finance12345' },
  auditor: { portal: 'finance', username: 'auditor', password: 'Auditor12345' },
  analyst: { portal: 'analyst', username: 'analyst', password: 'Analyst12345' },
} as const satisfies Record<string, Account>

export type AccountName = keyof typeof accounts

/** The part of the sign-in's path that is called otherwise than the portal. */
export function doorOf(portal: Portal): string {
  return portal === 'operator' ? 'operators' : portal
}

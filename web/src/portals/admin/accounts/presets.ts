/**
 * What each staff role may do by itself, as the server decides it (`crates/platform/src/security/roles.rs`): the form shows what an
 * account will hold before it is saved.
 */
import type { AccountItem } from '@/api/generated'
import { permissionsOf } from '@/shared/session/can'

export type Kind = AccountItem['kind']

export const rolesOf = {
  admin: ['super_admin', 'admin', 'operator'],
  finance: ['specialist', 'manager', 'auditor'],
  analyst: ['analyst'],
} as const satisfies Record<Kind, readonly string[]>

export type StaffRole = (typeof rolesOf)[Kind][number]

/** What the role leaves out of everything that its kind can hold. */
const withheld: Record<StaffRole, readonly string[]> = {
  super_admin: [],
  admin: ['can_manage_admins', 'can_manage_system_config'],
  operator: [
    'can_manage_applications',
    'can_view_financial_data',
    'can_manage_admins',
    'can_manage_system_config',
  ],
  manager: [],
  specialist: ['can_resolve_recharge'],
  auditor: ['can_review_refund', 'can_review_invoice', 'can_resolve_recharge'],
  analyst: [],
}

/** The permissions that accounts of the kind can hold; analysts have none. */
export function permissionsOfKind(kind: Kind) {
  return kind === 'analyst' ? [] : permissionsOf[kind]
}

export function presetOf(kind: Kind, role: StaffRole): Record<string, boolean> {
  return Object.fromEntries(permissionsOfKind(kind).map((name) => [name, !withheld[role].includes(name)]))
}

/** What no override changes: a super admin holds everything, and an auditor never decides. */
export function isFixed(role: StaffRole, permission: string): boolean {
  return role === 'super_admin' || (role === 'auditor' && withheld.auditor.includes(permission))
}

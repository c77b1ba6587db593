/**
 * What the signed-in person may do, as the server decides it (`crates/platform/src/security/roles.rs`). This only hides what would be
 * refused; the server checks every call.
 */
import type { Permission, Role, Session } from './session'
import { useSession } from './session'

/** The permissions that each kind of staff can hold; a test compares them with the server's. */
export const permissionsOf = {
  admin: [
    'can_manage_operators',
    'can_manage_applications',
    'can_authorize_applications',
    'can_reset_api_keys',
    'can_view_financial_data',
    'can_manage_admins',
    'can_manage_system_config',
    'can_send_notifications',
  ],
  finance: [
    'can_review_refund',
    'can_review_invoice',
    'can_export_report',
    'can_view_all_transactions',
    'can_resolve_recharge',
  ],
} as const satisfies Partial<Record<Role, readonly Permission[]>>

export function can(session: Session | undefined, permission: Permission): boolean {
  return session?.permissions[permission] === true
}

/** Analytics is open to analysts, and to administrators who see financial data. */
export function admits(portal: Role, session: Session): boolean {
  if (session.role === portal) return true
  return portal === 'analyst' && session.role === 'admin' && can(session, 'can_view_financial_data')
}

/** `const can = useCan()`, then `can('can_manage_operators')`. */
export function useCan(): (permission: Permission) => boolean {
  const session = useSession()
  return (permission) => can(session, permission)
}

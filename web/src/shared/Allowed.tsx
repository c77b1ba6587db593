import type { ReactNode } from 'react'
import { useCan } from './session/can'
import type { Permission } from './session/session'

/** Shows what is inside to those who hold the permission. */
export function Allowed({ to, children }: { to: Permission; children: ReactNode }) {
  const can = useCan()
  return can(to) ? children : null
}

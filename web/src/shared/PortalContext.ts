import { createContext, use } from 'react'
import type { Portal, SitePage } from './site-map'

/** The portal around a page and the page itself, for shells that need its place in the site map. */
export const PortalContext = createContext<{ portal: Portal; page?: SitePage } | undefined>(undefined)

export function usePortal(): { portal: Portal; page?: SitePage } {
  const context = use(PortalContext)
  if (!context) throw new Error('outside a portal')
  return context
}

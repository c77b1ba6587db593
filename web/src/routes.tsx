/**
 * The site map: all portals with every page. Routes, menus, breadcrumbs and the crawl test come from it; a page that is
 * not here does not exist.
 */
import { admin } from './portals/admin/routes'
import { analyst } from './portals/analyst/routes'
import { finance } from './portals/finance/routes'
import { operator } from './portals/operator/routes'
import type { Portal, SitePage } from './shared/site-map'

const withPassword = (portal: Portal): Portal => ({
  ...portal,
  pages: [
    ...portal.pages,
    {
      path: `/${portal.name}/password`,
      title: 'password.title',
      load: () => import('./shared/PasswordPage'),
    },
  ],
})

export const portals: readonly Portal[] = [operator, admin, finance, analyst].map(withPassword)

/** Every page for machines: what the crawl test opens. */
export function listPages(): { portal: string; path: string; needs?: string; parameters: string[] }[] {
  const toEntry = (portal: Portal) => (page: SitePage) => ({
    portal: portal.name,
    path: page.path,
    needs: page.needs,
    parameters: [...page.path.matchAll(/\$(\w+)/g)].map((match) => match[1] ?? ''),
  })
  return portals.flatMap((portal) => portal.pages.map(toEntry(portal)))
}

/** What the site map is made of: from it come the routes, the menu, the breadcrumbs and the list for the crawl test. */
import type { ParseKeys } from 'i18next'
import type { ComponentType } from 'react'
import type { Texts } from './i18n/language'
import type { Permission, Role } from './session/session'

/** `operator:sites.title`; texts of `common` need no prefix. */
export type TitleKey = ParseKeys<['common', 'operator', 'admin', 'finance', 'analyst']>

export interface SitePage {
  /** Below the portal; parameters begin with `$`: `/admin/operators/$id`. */
  path: `/${Role}/${string}`
  title: TitleKey
  /** The page itself, a default export; it is loaded when it is opened. */
  load: () => Promise<{ default: ComponentType }>
  /** A page with an icon stands in the menu; others are reached from a page. */
  icon?: ComponentType
  /** The path of the page above it in the breadcrumb. */
  parent?: SitePage['path']
  /** Stands at the end of the menu's entry, such as how many things wait there. */
  badge?: ComponentType
  /** Who lacks it does not see the page in the menu and is told why when opening it. */
  needs?: Permission
}

export interface Portal {
  name: Role
  /** In the order of the menu; the first one that the person may see is the portal's start. */
  pages: readonly SitePage[]
  texts: Texts
  /** What the header shows besides the account, such as the balance. */
  header?: ComponentType
}

/** Routes of the site map, and who is let in where. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  type AnyRoute,
} from '@tanstack/react-router'
import { lazy } from 'react'
import { portals } from './routes'
import { Broken } from './shared/ErrorBoundary'
import { addTexts } from './shared/i18n/language'
import { NotFound } from './shared/NotFound'
import { admits, can } from './shared/session/can'
import { session } from './shared/session/session'
import type { Portal, SitePage } from './shared/site-map'
import { parseSearch, stringifySearch, textOf, type Search } from './shared/url-state'

const AppShell = lazy(() => import('./shared/AppShell').then((module) => ({ default: module.AppShell })))

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: Broken,
  validateSearch: (search: Search) => search,
})

/** The address to go to after signing in: a path of our own, never another host. */
function returnOf(search: Search): string {
  const target = textOf(search, 'return') ?? '/'
  return /^\/(?![/\\])/.test(target) ? target : '/'
}

/** Whoever is signed in already has nothing to do at the door. */
function leaveTheDoor({ search }: { search: Search }) {
  if (session.get()) throw redirect({ href: returnOf(search) })
}

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    const signedIn = session.get()
    throw redirect({ to: signedIn ? `/${signedIn.role}` : '/login' })
  },
})

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  beforeLoad: leaveTheDoor,
  component: lazyRouteComponent(() => import('./sign-in/LoginPage')),
})

/** Below a portal's path, as the server answers only these with the web app. */
const register = createRoute({
  getParentRoute: () => root,
  path: '/operator/register',
  beforeLoad: leaveTheDoor,
  component: lazyRouteComponent(() => import('./sign-in/RegisterPage')),
})

/** Lets in who belongs here; strangers sign in and come back, others go to their own portal. */
function guard(portal: Portal, href: string) {
  const signedIn = session.get()
  if (!signedIn) {
    // Who signs out means to leave; the next person begins anew.
    if (session.hasLeft()) throw redirect({ to: '/login' })
    const ended = session.hasExpired() ? { ended: 'true' } : {}
    throw redirect({ to: '/login', search: { return: href, ...ended } as never })
  }
  if (!admits(portal.name, signedIn)) throw redirect({ to: `/${signedIn.role}` })
}

function startOf(portal: Portal): SitePage | undefined {
  const signedIn = session.get()
  return portal.pages.find((page) => !page.needs || can(signedIn, page.needs))
}

function routesOf(portal: Portal): AnyRoute {
  const layout = createRoute({
    getParentRoute: () => root,
    path: `/${portal.name}`,
    beforeLoad: async ({ location }) => {
      guard(portal, location.href)
      await addTexts(portal.name, portal.texts)
    },
    component: () => <AppShell portal={portal} />,
    notFoundComponent: NotFound,
  })
  const start = createRoute({
    getParentRoute: () => layout,
    path: '/',
    beforeLoad: () => {
      const page = startOf(portal)
      if (page) throw redirect({ to: page.path, replace: true })
    },
  })
  const pages = portal.pages.map((page) =>
    createRoute({
      getParentRoute: () => layout,
      path: page.path.slice(portal.name.length + 1),
      component: lazyRouteComponent(page.load),
    }),
  )
  return layout.addChildren([start, ...pages])
}

export const router = createRouter({
  routeTree: root.addChildren([home, login, register, ...portals.map(routesOf)]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultPendingMs: 300,
})

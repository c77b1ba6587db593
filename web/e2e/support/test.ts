/** The `test` of all browser tests: a server, people who are signed in, and no error that goes unseen. */
import { test as base, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test'
import type { Account, AccountName } from './accounts'
import { BrowserErrors } from './errors'
import { Server } from './server'
import { recordingOf } from './video'

export interface ServerOptions {
  /** Days of a past that the demo operators have. */
  history: number
}

/** How somebody looks at the app. */
export interface View {
  language?: 'zh' | 'en'
  theme?: 'light' | 'dark'
  viewport?: { width: number; height: number }
}

interface Fixtures {
  errors: BrowserErrors
  /** Opens a path in a browser of its own, signed in through the API, or as nobody. */
  visitAs: (who: AccountName | Account | undefined, path: string, view?: View) => Promise<Page>
}

export const test = base.extend<Fixtures, ServerOptions & { server: Server }>({
  history: [0, { scope: 'worker', option: true }],
  server: [
    async ({ history }, give, worker) => {
      const server = await Server.start(`server-${String(worker.workerIndex)}`)
      if (history > 0) await server.addHistory(history)
      await give(server)
      await server.stop()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: async ({ server }, give) => {
    await give(server.url)
  },
  errors: [
    async ({ context }, give) => {
      const errors = new BrowserErrors()
      errors.watch(context)
      await give(errors)
      // Also of a test that has failed: often they say why.
      errors.expectNone()
    },
    { auto: true },
  ],
  visitAs: async ({ browser, server, errors, contextOptions }, give, info) => {
    const contexts: BrowserContext[] = []
    const common = { ...contextOptions, ...recordingOf(info) }
    const visitAs: Fixtures['visitAs'] = async (who, path, view = {}) => {
      const signedIn = who === undefined ? {} : { session: (await server.api.signIn(who)).session }
      const context = await browser.newContext(optionsOf(common, server.url, { ...signedIn, ...view }))
      contexts.push(context)
      errors.watch(context)
      const page = await context.newPage()
      await page.goto(path)
      return page
    }
    await give(visitAs)
    const videos = contexts.flatMap((context) => context.pages()).map((page) => page.video())
    // Each holds one of the streams of events that an account may have.
    await Promise.all(contexts.map((context) => context.close()))
    for (const video of videos) {
      const path = await video?.path()
      if (path !== undefined) info.attachments.push({ name: 'video', path, contentType: 'video/webm' })
    }
  },
})

export { expect } from '@playwright/test'

/** A context in which the app finds what it had kept. */
function optionsOf(
  options: BrowserContextOptions,
  origin: string,
  { viewport, ...kept }: View & { session?: unknown },
): BrowserContextOptions {
  const localStorage = Object.entries(kept).map(([key, value]) => ({
    name: `coinslot.${key}`,
    value: JSON.stringify(value),
  }))
  const storageState = { cookies: [], origins: [{ origin, localStorage }] }
  return { ...options, baseURL: origin, storageState, ...(viewport === undefined ? {} : { viewport }) }
}

/** Every page of every portal, as everybody: it opens, nothing fails unseen, and nobody is kept from using it. */
import zh from '../src/shared/i18n/zh'
import { seriousFindings } from './support/accessibility'
import { type AccountName, accounts } from './support/accounts'
import { pathOf, settled } from './support/page'
import { fillIn, listPages, type SitePage } from './support/site-map'
import { expect, test } from './support/test'

const pages = listPages()
const names = Object.keys(accounts) as AccountName[]

/** Analytics is open to those administrators who may see money. */
const guests: Partial<Record<AccountName, string>> = { admin: 'analyst' }

function isAtHome(name: AccountName, { portal }: SitePage): boolean {
  return portal === accounts[name].portal || portal === guests[name]
}

test.use({ history: 30 })

for (const name of names) {
  test(`${name} opens every page of the own portal`, async ({ server, visitAs, errors }) => {
    test.slow()
    const { session } = await server.api.signIn(name)
    const permissions = session.permissions as Record<string, boolean>
    const page = await visitAs(name, '/')
    for (const entry of pages.filter((entry) => isAtHome(name, entry))) {
      await test.step(entry.path, async () => {
        const path = await fillIn(server, entry.path, name)
        await page.goto(path)
        await settled(page)
        const isRefused = entry.needs !== undefined && permissions[entry.needs] !== true
        await expect.soft(page.getByText(zh.noAccess), path).toHaveCount(isRefused ? 1 : 0)
        expect.soft(pathOf(page)).toBe(path)
        expect.soft(await sidewaysScroll(page), `${path} scrolls sideways`).toBe(0)
        expect.soft(await seriousFindings(page), path).toEqual([])
        expect.soft(errors.take(), path).toEqual([])
      })
    }
  })

  test(`${name} opens no page of another portal`, async ({ server, visitAs }) => {
    test.slow()
    const page = await visitAs(name, '/')
    for (const entry of pages.filter((entry) => !isAtHome(name, entry))) {
      await test.step(entry.path, async () => {
        await page.goto(await fillIn(server, entry.path))
        await expect(page, entry.path).toHaveURL(new RegExp(`/${accounts[name].portal}/`))
      })
    }
  })
}

async function sidewaysScroll(page: Parameters<typeof settled>[0]): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return scrollWidth - clientWidth
  })
}

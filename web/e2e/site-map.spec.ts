/** Every page of every portal, as everybody: it opens, nothing fails unseen, and nobody is kept from using it. */
import zh from '../src/shared/i18n/zh'
import { seriousFindings } from './support/accessibility'
import { type AccountName, accounts } from './support/accounts'
import { arrived, follow, pathOf, settled } from './support/page'
import { fillIn, listPages, type SitePage } from './support/site-map'
import { expect, test } from './support/test'

const pages = listPages()
const names = Object.keys(accounts) as AccountName[]

/** Analytics is open to those administrators who may see money. */
const guests: Partial<Record<AccountName, string>> = { admin: 'analyst' }

function isAtHome(name: AccountName, { portal }: SitePage): boolean {
  return portal === accounts[name].portal || portal === guests[name]
}

/** Every address is loaded by somebody, as from a bookmark; the others go on from page to page, as people do. */
function loadsAnew(name: AccountName, { portal }: SitePage): boolean {
  return names.find((other) => accounts[other].portal === portal) === name
}

test.use({ history: 30 })

for (const name of names) {
  test(`${name} opens every page of the own portal`, async ({ server, visitAs, errors }) => {
    test.slow()
    const { session } = await server.api.signIn(name)
    const permissions = session.permissions as Record<string, boolean>
    const page = await visitAs(name, '/')
    await settled(page)
    for (const entry of pages.filter((entry) => isAtHome(name, entry))) {
      await test.step(entry.path, async () => {
        const path = await fillIn(server, entry.path, name)
        const isRefused = entry.needs !== undefined && permissions[entry.needs] !== true
        if (isRefused || loadsAnew(name, entry)) {
          await page.goto(path)
        } else if (pathOf(page) !== path) {
          await follow(page, path)
          await arrived(page)
        }
        await settled(page)
        await expect.soft(page.getByText(zh.noAccess), path).toHaveCount(isRefused ? 1 : 0)
        expect.soft(pathOf(page)).toBe(path)
        expect.soft(await sidewaysScroll(page), `${path} scrolls sideways`).toBe(0)
        expect.soft(await seriousFindings(page), path).toEqual([])
        expect.soft(errors.take(), path).toEqual([])
      })
    }
  })

  test(`${name} opens no page of another portal`, async ({ visitAs }) => {
    const page = await visitAs(name, '/')
    const foreign = pages.filter((entry) => !isAtHome(name, entry))
    for (const [index, entry] of foreign.entries()) {
      await test.step(entry.path, async () => {
        const path = entry.path.replace(/\$\w+/, 'any')
        // The first of each portal as from a bookmark, the others as by a link.
        if (entry.portal !== foreign[index - 1]?.portal) await page.goto(path)
        else await follow(page, path)
        await expect(page, entry.path).toHaveURL(new RegExp(`/${accounts[name].portal}/`))
      })
    }
    await settled(page)
  })
}

async function sidewaysScroll(page: Parameters<typeof settled>[0]): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return scrollWidth - clientWidth
  })
}

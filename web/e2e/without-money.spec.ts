/** Administrators who may not see money, as support staff: their pages have no place for it, rather than an empty one. */
import { randomBytes } from 'node:crypto'
import type { Page } from '@playwright/test'
import admin from '../src/portals/admin/locale/zh'
import zh from '../src/shared/i18n/zh'
import type { Account } from './support/accounts'
import { settled } from './support/page'
import type { Server } from './support/server'
import { fillIn, listPages } from './support/site-map'
import { expect, test } from './support/test'
import { authorize, makeVenue } from './support/venue'

/** Somebody who may do everything but see money. */
async function makeManager(server: Server): Promise<Account> {
  const { token } = await server.api.signIn('admin')
  const username = `e2e_${randomBytes(6).toString('hex')}`
  const account: Account = { portal: 'admin', username, password: 'Manager12345' }
  await server.api.post(
    '/v1/admin/accounts',
    {
      kind: 'admin',
      role: 'admin',
      username,
      password: account.password,
      name: '不看钱的管理员',
      phone: '13900000000',
      email: `${username}@example.com`,
      permissions: { can_view_financial_data: false },
    },
    token,
  )
  return account
}

/** What a page calls its figures by, and everything that it says. */
async function expectNoMoney(page: Page, where: string): Promise<void> {
  const main = page.locator('#main-content')
  await expect.soft(main, where).not.toContainText(/NaN|undefined|\[object|Invalid Date/)
  // Settings are for every administrator to read, amounts among them.
  if (where.includes('/admin/settings')) return
  await expect.soft(main, where).not.toContainText('¥')
  const names = await main.locator('th, dt, [role="tab"], figure, h2').allInnerTexts()
  expect.soft(names.filter((name) => /余额|单价|价格|消费|充值|退款|财务|金额/.test(name)), where).toEqual([])
}

async function lookEverywhere(page: Page, server: Server, permissions: Record<string, boolean>): Promise<void> {
  for (const { portal, path, needs } of listPages()) {
    if (portal !== 'admin' || (needs !== undefined && permissions[needs] !== true)) continue
    const address = await fillIn(server, path)
    await page.goto(address)
    await settled(page)
    await expectNoMoney(page, address)
    const tabs = page.getByRole('tab')
    for (let index = 1; index < (await tabs.count()); index += 1) {
      await tabs.nth(index).click()
      await settled(page)
      await expectNoMoney(page, `${address} ${await tabs.nth(index).innerText()}`)
    }
  }
}

test('who may do everything but see money finds no place for it on any page', async ({ visitAs, server }) => {
  test.slow()
  const venue = await makeVenue(server)
  await authorize(server, venue, 2)
  const manager = await makeManager(server)
  const { session } = await server.api.signIn(manager)
  const page = await visitAs(manager, '/admin')
  await lookEverywhere(page, server, session.permissions as Record<string, boolean>)

  // A new price can be set; what it is now, and what that makes of it, remains unsaid.
  await page.goto(`/admin/applications/${venue.appId}`)
  await page.getByRole('button', { name: admin.price.change }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel(admin.price.new).fill('25')
  await expect(form.getByRole('region', { name: admin.price.effect })).toContainText('¥25.00')
  await expect(form).not.toContainText(/NaN|undefined|¥10\.00/)
  await page.keyboard.press('Escape')

  // Analytics is all about money.
  await page.goto('/analyst')
  await expect(page).toHaveURL(/\/admin\//)
  await page.getByRole('button', { name: zh.account.menu }).click()
  await expect(page.getByText(zh.account.toPortal.replace('{{portal}}', zh.role.analyst))).toHaveCount(0)
})

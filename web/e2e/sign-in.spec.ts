/** The door: who comes in, where they are led, and what they see when their session has ended. */
import en from '../src/shared/i18n/en'
import zh from '../src/shared/i18n/zh'
import { seriousFindings } from './support/accessibility'
import { type AccountName, accounts, portals } from './support/accounts'
import { pathOf, settled, signInAt, signOut } from './support/page'
import { expect, test } from './support/test'
import { registerOperator } from './support/venue'

const names = Object.keys(accounts) as AccountName[]

for (const name of names) {
  const { portal, username } = accounts[name]
  test(`${name} signs in, is led to the portal, and signs out`, async ({ page, server }) => {
    await page.goto('/')
    await expect(page).toHaveURL(/\/login/)
    await signInAt(page, accounts[name])
    await expect(page).toHaveURL(new RegExp(`/${portal}/`))
    await settled(page)

    const kept = await page.evaluate(() => localStorage.getItem('coinslot.session'))
    const { session } = await server.api.signIn(name)
    expect({ ...JSON.parse(kept ?? '{}'), token: '' }).toEqual({ ...session, token: '' })
    const { token } = JSON.parse(kept ?? '{}') as { token: string }

    await page.getByRole('button', { name: zh.account.menu }).click()
    await expect(page.getByText(username)).toBeVisible()
    await page.keyboard.press('Escape')
    await signOut(page)
    await expect(page).toHaveURL(/\/login/)
    await expect(server.api.post('/v1/auth/logout', {}, token)).rejects.toThrow('401')
  })
}

test('a wrong password is told in words, and the right one then lets in', async ({ page, errors }) => {
  errors.expect(/status of 401/)
  await page.goto('/login')
  await signInAt(page, { ...accounts.finance, password: 'Wrong12345' })
  await expect(page.getByRole('alert')).toContainText('用户名或密码错误')
  await page.getByLabel(zh.signIn.password).fill(accounts.finance.password)
  await page.getByRole('button', { name: zh.signIn.submit }).click()
  await expect(page).toHaveURL(/\/finance\//)
})

test('an account of another role is not let in', async ({ page, errors }) => {
  errors.expect(/status of 401/)
  await page.goto('/login')
  await signInAt(page, { ...accounts.admin, portal: 'finance' })
  await expect(page.getByRole('alert')).toBeVisible()
  expect(pathOf(page)).toBe('/login')
})

test('each role is led home from the portals of others', async ({ visitAs }) => {
  for (const name of ['operator1', 'support', 'finance', 'analyst'] as const) {
    const own = accounts[name].portal
    const page = await visitAs(name, `/${own}`)
    for (const other of portals.filter((portal) => portal !== own)) {
      await page.goto(`/${other}`)
      await expect(page, `${name} at /${other}`).toHaveURL(new RegExp(`/${own}/`))
    }
  }
})

test('the way back after signing in leads to where one was', async ({ page, server }) => {
  const { account } = await registerOperator(server)
  await page.goto('/operator/messages?unread_only=true')
  await expect(page).toHaveURL(/\/login\?/)
  await signInAt(page, account)
  await expect(page).toHaveURL(/\/operator\/messages\?unread_only=true/)
})

test('a session that the server has ended leads to the door and back', async ({ visitAs, server, errors }) => {
  errors.expect(/status of 401/)
  const { account } = await registerOperator(server)
  const page = await visitAs(account, '/operator/sites')
  await settled(page)
  const token = await page.evaluate(() => (JSON.parse(localStorage.getItem('coinslot.session') ?? '') as { token: string }).token)
  await server.api.post('/v1/auth/logout', {}, token)
  // The stream ends with the token, and the page notices without being asked.
  await expect(page.getByText(zh.signIn.ended)).toBeVisible({ timeout: 20_000 })
  await signInAt(page, account)
  await expect(page).toHaveURL(/\/operator\/sites/)
  await settled(page)
})

test('tabs of one browser are signed in and out together', async ({ visitAs, server }) => {
  const { account } = await registerOperator(server)
  const first = await visitAs(account, '/operator/sites')
  const second = await first.context().newPage()
  await second.goto('/operator/messages')
  await settled(second)
  await settled(first)
  await signOut(first)
  await expect(second).toHaveURL(/\/login/)
})

test('the language is one click away, and remembered', async ({ page }) => {
  await page.goto('/login')
  await expect(page).toHaveTitle(new RegExp(zh.product))
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await page.getByRole('button', { name: zh.language.en }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(en.signIn.title)
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await page.reload()
  await expect(page.getByRole('button', { name: en.signIn.submit })).toBeVisible()
  await page.getByRole('button', { name: en.language.zh }).click()
  await expect(page.getByRole('button', { name: zh.signIn.submit })).toBeVisible()
})

test('the door can be used by everybody, in both looks and by keyboard', async ({ page }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const path of ['/login', '/operator/register']) {
      await page.goto(path)
      await settled(page)
      expect(await seriousFindings(page), `${path} ${colorScheme}`).toEqual([])
    }
  }
  await page.goto('/login')
  await page.getByLabel(zh.signIn.username).fill(accounts.operator2.username)
  await page.keyboard.press('Tab')
  await page.keyboard.type(accounts.operator2.password)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/operator\//)
})

test('what does not exist is said so, with the status of it', async ({ page, visitAs, errors }) => {
  errors.expect(/status of 404 .*\/no-such-page/)
  const answer = await page.goto('/no-such-page')
  expect(answer?.status()).toBe(404)
  await expect(page.getByText(zh.notFound)).toBeVisible()
  await page.getByRole('link', { name: zh.toHome }).click()
  await expect(page).toHaveURL(/\/login/)

  const signedIn = await visitAs('operator1', '/operator/no-such-page')
  await expect(signedIn.getByText(zh.notFound)).toBeVisible()
})

/** From an account to the first game: the API key, the command of the guide, and the page that turns green. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import zh from '../src/portals/operator/locale/zh'
import common from '../src/shared/i18n/zh'
import { signInAt } from './support/page'
import { expect, test } from './support/test'
import { authorize, makeVenue } from './support/venue'

test('the API key is regenerated with the password, and shown once', async ({ visitAs, server, errors }) => {
  errors.expect(/status of 401/)
  const venue = await makeVenue(server)
  const page = await visitAs(venue.account, '/operator/profile')
  await page.getByRole('button', { name: zh.apiKey.regenerate }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(zh.apiKey.password).fill('Wrong12345')
  await dialog.getByRole('button', { name: zh.apiKey.regenerate }).click()
  // A wrong password is said at its field and ends no session.
  await expect(dialog.locator('.ant-form-item-explain-error')).toBeVisible()
  await dialog.getByLabel(zh.apiKey.password).fill(venue.account.password)
  await dialog.getByRole('button', { name: zh.apiKey.regenerate }).click()
  const apiKey = await page.getByText(/^\w{64}$/).innerText()
  expect((await authorize(server, venue, 2)).status).toBe(401)
  expect((await authorize(server, { ...venue, apiKey }, 2)).status).toBe(200)
  await page.getByRole('button', { name: zh.apiKey.saved }).click()
  await expect(page.getByText(apiKey)).toHaveCount(0)
  await page.reload()
  await expect(page.getByRole('heading', { name: zh.profile.data })).toBeVisible()
  await expect(page.getByText(apiKey)).toHaveCount(0)
})

test('the guide gives a command that works, and turns green', async ({ visitAs, server }) => {
  const venue = await makeVenue(server)
  const page = await visitAs(venue.account, '/operator/setup')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await expect(page.getByText(`正在等待“北京朝阳店”的第一局授权…`)).toBeVisible()
  await page.getByRole('button', { name: zh.apiKey.regenerate }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(zh.apiKey.password).fill(venue.account.password)
  await dialog.getByRole('button', { name: zh.apiKey.regenerate }).click()
  const apiKey = await page.getByText(/^\w{64}$/).innerText()

  const run = async (kind: 'check' | 'authorize') => {
    await page.getByText(zh.setup.command[kind], { exact: true }).click()
    const shown = page.locator('pre')
    await expect(shown).toHaveAttribute('aria-label', zh.setup.command[kind])
    await expect(shown).not.toContainText(apiKey)
    // The button says only for a moment that it has copied, which a slow machine may miss.
    await page.evaluate(() => navigator.clipboard.writeText(''))
    await page.getByRole('button', { name: zh.setup.command.copy }).click()
    const copied = () => page.evaluate(() => navigator.clipboard.readText())
    await expect.poll(copied).not.toBe('')
    const command = await copied()
    const { stdout } = await promisify(execFile)('bash', ['-c', command])
    return JSON.parse(stdout) as { success: boolean; data: Record<string, unknown> }
  }
  expect((await run('check')).data).toMatchObject({ can_authorize: true, estimated_cost: '20.00' })
  expect(await run('authorize')).toMatchObject({ success: true, data: { total_cost: '20.00', balance_after: '480.00' } })
  await expect(page.getByRole('status').filter({ hasText: '北京朝阳店已接入' })).toContainText('扣费 ¥20.00')
  await expect(page.getByText('¥480.00').first()).toBeVisible()
})

test('an account is closed only by who gives up its balance in words', async ({ visitAs, server, errors }) => {
  errors.expect(/status of 401/)
  const { account } = await makeVenue(server, '66.00')
  const page = await visitAs(account, '/operator/profile')
  await page.getByRole('button', { name: zh.close.title }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(zh.apiKey.password).fill(account.password)
  await dialog.getByRole('button', { name: zh.close.submit }).click()
  await expect(dialog.getByText(`请输入“${zh.close.phrase}”以确认`)).toBeVisible()
  await dialog.getByPlaceholder(zh.close.phrase).fill(zh.close.phrase)
  await dialog.getByRole('button', { name: zh.close.submit }).click()
  await expect(page.getByRole('heading', { name: common.signIn.title, exact: true })).toBeVisible()
  errors.expect(/status of 403/)
  await signInAt(page, account)
  await expect(page.getByText(common.errors.ACCOUNT_DEACTIVATED)).toBeVisible()
})

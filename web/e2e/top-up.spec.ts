/** The first money: somebody registers, tops up, and sees the balance move without doing anything. */
import { randomBytes } from 'node:crypto'
import type { Page } from '@playwright/test'
import texts from '../src/portals/operator/locale/money-zh'
import zh from '../src/shared/i18n/zh'
import type { Account } from './support/accounts'
import { settled, signInAt } from './support/page'
import { expect, test } from './support/test'
import { registerOperator } from './support/venue'

const { topUp, dashboard } = texts

/** Chooses amount and channel, and gets to the page with the code. */
async function order(page: Page, amount: string, channel: 'wechat' | 'alipay'): Promise<void> {
  await page.goto('/operator/top-up')
  await page.getByLabel(topUp.amount, { exact: true }).fill(amount)
  await page.getByText(topUp.method[channel], { exact: true }).click()
  await page.getByRole('button', { name: topUp.submit }).click()
  await expect(page).toHaveURL(/\/operator\/top-up\/ord_/)
  await expect(page.getByRole('img', { name: topUp.method[channel] })).toBeVisible()
}

/** Plays the payer, in a second tab. */
async function pay(page: Page, outcome: string): Promise<void> {
  const opened = page.context().waitForEvent('page')
  await page.getByRole('link', { name: topUp.openPage }).click()
  const sandbox = await opened
  await sandbox.getByRole('button', { name: outcome, exact: true }).click()
}

test('somebody registers, tops up in a second tab, and the balance moves by itself', async ({ page }) => {
  const password = 'Venue12345'
  const account: Account = { portal: 'operator', username: `e2e_${randomBytes(6).toString('hex')}`, password }
  await page.goto('/operator/register')
  const answers: [string, string][] = [
    [zh.register.username, account.username],
    [zh.register.password, password],
    [zh.register.repeat, password],
    [zh.register.name, '首次充值门店'],
    [zh.register.phone, '13912345678'],
    [zh.register.email, 'first@example.com'],
  ]
  for (const [label, text] of answers) await page.getByLabel(label, { exact: true }).fill(text)
  await page.getByRole('button', { name: zh.register.submit }).click()
  await expect(page.getByText(zh.register.keyOnce)).toBeVisible()
  await page.getByText(zh.register.keySaved).click()
  await signInAt(page, account)

  await expect(page).toHaveURL(/\/operator\/dashboard/)
  const notice = page.getByRole('alert').filter({ hasText: dashboard.low.empty })
  await notice.getByRole('link', { name: topUp.title }).click()
  await expect(page).toHaveURL(/\/operator\/top-up$/)
  await order(page, '100', 'wechat')
  await expect(page.getByRole('timer')).toContainText(/1[45]:\d\d/)
  await pay(page, '支付成功')

  await expect(page.getByRole('status').filter({ hasText: topUp.success })).toContainText('¥0.00 → ¥100.00')
  await expect(page.getByRole('banner')).toContainText('¥100.00')
  await page.getByRole('link', { name: topUp.toDashboard }).click()
  await expect(page.getByRole('heading', { level: 1, name: dashboard.title })).toBeVisible()
  await settled(page)
  await expect(page.getByText(dashboard.low.empty)).toHaveCount(0)
  await page.goto('/operator/top-up')
  await expect(page.getByRole('row').filter({ hasText: topUp.status.success })).toContainText('¥100.00')
})

test('a payment that fails says that nothing was taken, and how to go on', async ({ server, visitAs }) => {
  const { account } = await registerOperator(server)
  const page = await visitAs(account, '/operator/top-up')
  await order(page, '50', 'alipay')
  await pay(page, '支付失败')
  await expect(page.getByRole('status').filter({ hasText: topUp.failed })).toContainText(topUp.failedHint)
  await expect(page.getByRole('banner')).toContainText('¥0.00')
  await page.getByRole('link', { name: topUp.again }).click()
  await expect(page).toHaveURL(/\/operator\/top-up$/)
})

test('the limits are said beside the amount, and an amount outside them is not sent', async ({ server, visitAs }) => {
  const { account } = await registerOperator(server)
  const page = await visitAs(account, '/operator/top-up')
  await expect(page.getByText('单笔 ¥10.00 至 ¥10,000.00')).toBeVisible()
  await page.getByLabel(topUp.amount, { exact: true }).fill('9.99')
  await page.getByRole('button', { name: topUp.submit }).click()
  await expect(page.locator('.ant-form-item-explain-error')).toHaveText('须在 ¥10.00 到 ¥10,000.00 之间')
  await expect(page).toHaveURL(/\/operator\/top-up$/)
})

test('an order that belongs to somebody else does not exist', async ({ server, visitAs, errors }) => {
  errors.expect(/status of 404/)
  const owner = await registerOperator(server)
  const { token } = await server.api.signIn(owner.account)
  const body = { amount: '100.00', payment_method: 'wechat' }
  const { order_id: id } = await server.api.post<{ order_id: string }>('/v1/operators/me/recharge', body, token)
  const other = await registerOperator(server)
  const page = await visitAs(other.account, `/operator/top-up/${id}`)
  await expect(page.getByRole('alert')).toContainText(zh.errors.RESOURCE_NOT_FOUND)
})

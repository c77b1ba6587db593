/** What an operator asks finance for: its balance, and an invoice. */
import zh from '../src/portals/operator/locale/zh'
import common from '../src/shared/i18n/zh'
import type { Server } from './support/server'
import { expect, test } from './support/test'
import { makeVenue } from './support/venue'

/** Pays a top-up as the sandbox's payer, and waits until the money is there. */
async function topUp(server: Server, token: string, amount: string): Promise<void> {
  const body = { amount, payment_method: 'wechat' }
  const order = await server.api.post<{ payment_url: string }>('/v1/operators/me/recharge', body, token)
  const headers = { 'Content-Type': 'application/json' }
  await fetch(`${order.payment_url}/pay`, { method: 'POST', headers, body: '{"result":"success"}' })
  const paid = async () =>
    (await server.api.get<{ total_recharged: string }>('/v1/operators/me/balance', token)).total_recharged
  await expect.poll(paid).toBe(amount)
}

test('a refund is asked for, rejected with a reason, and can be asked for again', async ({ visitAs, server }) => {
  const { account } = await makeVenue(server, '120.00')
  const page = await visitAs(account, '/operator/refunds')
  const ask = page.getByRole('button', { name: zh.refunds.ask })
  await ask.click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('¥120.00')
  await dialog.getByLabel(common.reason).fill('门店装修停业，先退回余额。')
  await dialog.getByRole('button', { name: zh.refunds.ask }).click()
  await expect(page.getByText(zh.refunds.asked)).toBeVisible()
  await expect(page.getByText(zh.refunds.onePending)).toBeVisible()
  await expect(ask).toBeDisabled()
  await expect(page.getByRole('row', { name: /¥120.00/ })).toContainText(zh.refunds.state.pending)

  await page.getByRole('button', { name: zh.details }).click()
  await expect(page).toHaveURL(/refund=refund_/)
  const id = new URL(page.url()).searchParams.get('refund') ?? ''
  const { token } = await server.api.signIn('finance')
  await server.api.post(`/v1/finance/refunds/${id}/reject`, { reason: '请先与门店经理确认停业时间' }, token)
  await expect(page.getByRole('dialog')).toContainText('请先与门店经理确认停业时间')
  await page.keyboard.press('Escape')
  await expect(ask).toBeEnabled()
})

test('an invoice is asked for, issued, looked at and downloaded', async ({ visitAs, server }) => {
  const { account } = await makeVenue(server)
  const { token } = await server.api.signIn(account)
  await topUp(server, token, '300.00')
  const page = await visitAs(account, '/operator/invoices')
  await page.getByRole('button', { name: zh.invoices.ask }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(zh.invoices.amount).fill('300.01')
  await dialog.getByLabel(zh.invoices.invoiceTitle).fill('北京一号店娱乐有限公司')
  await dialog.getByLabel(zh.invoices.taxId).fill('91110105ma01')
  await dialog.getByRole('button', { name: zh.invoices.submit }).click()
  await expect(dialog.getByText(zh.invoices.taxIdWrong)).toBeVisible()
  await expect(dialog.getByText('且不超过 ¥300.00')).toBeVisible()
  await dialog.getByLabel(zh.invoices.amount).fill('200.50')
  await dialog.getByLabel(zh.invoices.taxId).fill('91110105ma01abcd2x')
  await dialog.getByRole('button', { name: zh.invoices.submit }).click()
  await expect(page.getByText(zh.invoices.asked)).toBeVisible()
  // What is asked for is reserved.
  await expect(page.getByText('¥99.50')).toBeVisible()

  const { token: finance } = await server.api.signIn('finance')
  const mine = await server.api.get<{ items: { invoice_id: string }[] }>('/v1/operators/me/invoices', token)
  await server.api.post(`/v1/finance/invoices/${mine.items[0]?.invoice_id ?? ''}/approve`, {}, finance)
  const row = page.getByRole('row', { name: /北京一号店娱乐有限公司/ })
  await expect(row).toContainText(/INV\d{10}/)
  await row.getByRole('button', { name: common.download.preview }).click()
  await expect(page.locator('iframe')).toBeVisible()
  const download = page.waitForEvent('download')
  await page.getByRole('dialog').getByRole('button', { name: common.download.download }).click()
  expect((await download).suggestedFilename()).toMatch(/\.pdf$/)
})

/** What the finance staff decide, and that auditors only look. */
import { statSync } from 'node:fs'
import zh from '../src/portals/finance/locale/zh'
import common from '../src/shared/i18n/zh'
import { settled } from './support/page'
import { abnormalOrder, balanceOf, order, requestInvoice, requestRefund, topUp } from './support/payments'
import { expect, test } from './support/test'
import { makeVenue } from './support/venue'

test('finance approves a refund, and records what was paid by hand', async ({ server, visitAs }) => {
  const venue = await makeVenue(server, '500.00')
  await requestRefund(server, venue)
  const page = await visitAs('finance', '/finance/dashboard')
  await page.getByRole('link', { name: zh.dashboard.pendingRefunds }).click()
  const name = `门店 ${venue.account.username.slice(-4)}`
  await page.getByRole('row', { name }).getByRole('link', { name: zh.review }).click()
  await expect(page.getByText('申请时余额 ¥500.00，现余额 ¥500.00，通过后将退 ¥500.00')).toBeVisible()

  await page.getByRole('button', { name: zh.refunds.approve }).click()
  const question = page.getByRole('dialog')
  await expect(question).toContainText('¥500.00')
  await question.getByRole('button', { name: zh.refunds.approve }).click()
  await expect(page.getByText(zh.refunds.approved)).toBeVisible()
  await expect(page.getByText(/通过，实退 ¥500\.00/)).toBeVisible()
  expect(await balanceOf(server, venue)).toBe('0.00')

  // The balance came from no top-up, so that no channel can pay it back.
  await page.getByRole('button', { name: zh.refunds.complete }).click()
  await page.getByLabel(zh.refunds.referenceLabel).fill('ICBC-20260131-7')
  await page.getByRole('dialog').getByRole('button', { name: zh.refunds.complete }).click()
  await expect(page.getByText(zh.refunds.completed)).toBeVisible()
  await expect(page.getByRole('main').getByText(zh.refunds.payoutStatus.completed).first()).toBeVisible()
  await expect(page.getByText('ICBC-20260131-7')).toBeVisible()
})

test('finance rejects a refund with a reason', async ({ server, visitAs }) => {
  const venue = await makeVenue(server, '80.00')
  const page = await visitAs('finance', `/finance/refunds/${await requestRefund(server, venue)}`)
  await page.getByRole('button', { name: zh.refunds.reject }).click()
  const question = page.getByRole('dialog')
  await question.getByLabel(common.reason).fill('太短')
  await question.getByRole('button', { name: zh.refunds.reject }).click()
  await expect(question.getByText('须为 10 到 200 个字符')).toBeVisible()
  await question.getByLabel(common.reason).fill('合同约定该余额不可退还')
  await question.getByRole('button', { name: zh.refunds.reject }).click()
  await expect(page.getByText(/拒绝：合同约定该余额不可退还/)).toBeVisible()
  expect(await balanceOf(server, venue)).toBe('80.00')
})

test('finance approves an invoice, and its document opens', async ({ server, visitAs }) => {
  const venue = await makeVenue(server, '0.00')
  await topUp(server, venue, '300.00')
  await requestInvoice(server, venue, '300.00')
  const page = await visitAs('finance', '/finance/invoices')
  const name = `门店 ${venue.account.username.slice(-4)}`
  await page.getByRole('row', { name }).getByRole('button', { name: zh.approve }).click()
  const question = page.getByRole('dialog')
  await expect(question).toContainText('幻境互动娱乐有限公司')
  await question.getByRole('button', { name: zh.invoices.approve }).click()
  const preview = page.getByRole('dialog', { name: /^发票 / })
  await expect(preview.locator('iframe')).toBeVisible()
  await expect(preview.getByRole('button', { name: common.download.download })).toBeEnabled()
  await preview.getByRole('button', { name: common.close }).last().click()
  await page.getByRole('tab', { name: zh.invoices.tabs.all }).click()
  await expect(page.getByRole('row', { name }).getByText(zh.reviewStatus.approved)).toBeVisible()
})

test('finance generates a report, sees it come and downloads it', async ({ visitAs }) => {
  const page = await visitAs('finance', '/finance/reports')
  await page.getByRole('button', { name: zh.reports.generate }).first().click()
  const form = page.getByRole('dialog')
  await form.getByText(zh.reports.types.custom, { exact: true }).click()
  await form.getByRole('button', { name: zh.reports.presets.last7 }).click()
  await form.getByRole('button', { name: zh.reports.generate }).click()
  await expect(page.getByText(zh.reports.generated)).toBeVisible()
  const row = page.getByRole('row', { name: zh.reports.types.custom }).first()
  await expect(row.getByText(zh.reports.status.completed)).toBeVisible({ timeout: 30_000 })

  await row.getByRole('button', { name: zh.reports.preview }).click()
  await expect(page.getByRole('dialog').locator('iframe')).toBeVisible()
  const downloaded = page.waitForEvent('download')
  await page.getByRole('dialog').getByRole('button', { name: zh.reports.download }).click()
  const file = await downloaded
  expect(file.suggestedFilename()).toMatch(/\.pdf$/)
  expect(statSync(await file.path()).size).toBeGreaterThan(1_000)
})

test('finance decides an abnormal top-up', async ({ server, visitAs }) => {
  const venue = await makeVenue(server, '0.00')
  await abnormalOrder(server, venue, '120.00')
  const page = await visitAs('finance', '/finance/recharges')
  const name = `门店 ${venue.account.username.slice(-4)}`
  await page.getByRole('row', { name }).getByRole('link', { name: zh.recharges.resolve }).click()
  await page.getByRole('button', { name: zh.recharges.resolve }).click()
  const form = page.getByRole('dialog')
  await form.getByText(zh.recharges.outcome.success).click()
  await form.getByLabel(zh.recharges.reasonLabel).fill('已在商户平台核实该笔款项')
  await form.getByRole('button', { name: common.confirm }).click()
  await expect(page.getByText(zh.recharges.resolved)).toBeVisible()
  await expect(page.getByText('已在商户平台核实该笔款项')).toBeVisible()
  expect(await balanceOf(server, venue)).toBe('120.00')
})

test('finance finds a customer by name, and what this customer asked for', async ({ server, visitAs }) => {
  const venue = await makeVenue(server, '80.00')
  await requestRefund(server, venue)
  await requestRefund(server, await makeVenue(server, '90.00'))
  const { username } = venue.account
  const page = await visitAs('auditor', '/finance/customers')
  await page.getByRole('tab', { name: zh.customers.views.all }).click()
  await page.getByLabel(zh.customers.keyword).fill(username)
  await page.getByLabel(zh.customers.keyword).press('Enter')
  const row = page.getByRole('row').filter({ hasText: username })
  await expect(row).toContainText('¥80.00')
  await row.getByRole('link').click()
  await page.getByRole('tab', { name: zh.customers.tabs.refunds }).click()
  const refunds = page.getByRole('row').filter({ hasText: zh.reviewStatus.pending })
  await expect(refunds).toHaveCount(1)
  await expect(refunds).toContainText('¥80.00')
})

test('an auditor sees everything and no act', async ({ server, visitAs }) => {
  const venue = await makeVenue(server, '0.00')
  await topUp(server, venue, '60.00')
  await requestInvoice(server, venue, '60.00')
  const refund = await requestRefund(server, venue)
  const { order_id: pending } = await order(server, venue, '50.00')
  const acts = [
    zh.approve,
    zh.reject,
    zh.refunds.approve,
    zh.refunds.reject,
    zh.recharges.resolve,
    zh.reconciliation.run,
    zh.reconciliation.again,
  ]
  const page = await visitAs('auditor', '/finance/invoices')
  for (const path of [
    '/finance/invoices',
    '/finance/refunds',
    `/finance/refunds/${refund}`,
    '/finance/recharges',
    `/finance/recharges/${pending}`,
    '/finance/reconciliation',
  ]) {
    await page.goto(path)
    await settled(page)
    for (const act of acts) {
      await expect(page.getByRole('button', { name: act, exact: true }), `${act} at ${path}`).toHaveCount(0)
    }
  }
})

/** What administrators do, and what becomes of it at the operators. */
import { randomInt } from 'node:crypto'
import type { Page } from '@playwright/test'
import admin from '../src/portals/admin/locale/zh'
import operator from '../src/portals/operator/locale/zh'
import zh from '../src/shared/i18n/zh'
import { settled, signInAt } from './support/page'
import type { Server } from './support/server'
import { expect, test } from './support/test'
import { registerOperator } from './support/venue'

const newName = () => `测试应用 ${String(randomInt(1_000_000))}`

/** An app of the test's own, so that nobody else's prices change. */
async function makeApp(server: Server): Promise<{ appId: string; name: string }> {
  const { token } = await server.api.signIn('admin')
  const name = newName()
  const body = { app_name: name, unit_price: '20.00', min_players: 2, max_players: 6 }
  const { app_id: appId } = await server.api.post<{ app_id: string }>('/v1/admin/applications', body, token)
  return { appId, name }
}

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click()
}

test('an app is created, asked for and granted', async ({ visitAs, server }) => {
  const page = await visitAs('admin', '/admin/applications')
  await page.getByRole('button', { name: admin.apps.create }).first().click()
  const form = page.getByRole('dialog')
  const name = newName()
  await form.getByLabel(admin.apps.name).fill(name)
  await form.getByLabel(admin.apps.price).fill('15.5')
  await form.getByLabel(admin.apps.minPlayers).fill('4')
  await form.getByLabel(admin.apps.maxPlayers).fill('3')
  await form.getByRole('button', { name: zh.create }).click()
  await expect(form.getByText(admin.apps.playersOrder)).toBeVisible()
  await form.getByLabel(admin.apps.maxPlayers).fill('6')
  await form.getByRole('button', { name: zh.create }).click()
  await expect(page.getByRole('row', { name })).toContainText('¥15.50')

  const { account } = await registerOperator(server)
  const { token } = await server.api.signIn(account)
  const catalog = await server.api.get<{ items: { app_id: string; app_name: string }[] }>(
    `/v1/admin/applications?keyword=${encodeURIComponent(name)}`,
    (await server.api.signIn('admin')).token,
  )
  const appId = catalog.items[0]?.app_id
  await page.getByRole('menuitem', { name: admin.requests.title }).click()
  await settled(page)
  const reason = '周末客流较大，希望增加一款应用'
  await server.api.post('/v1/operators/me/app-requests', { app_id: appId, reason }, token)

  // The request appears by itself.
  const row = page.getByRole('row', { name })
  await row.getByRole('button', { name: admin.requests.approve, exact: true }).click()
  const approval = page.getByRole('dialog')
  await approval.getByLabel(admin.grants.note).fill('首批试点')
  await approval.getByRole('button', { name: admin.requests.approve, exact: true }).click()
  await expect(page.getByText(admin.requests.approveDone)).toBeVisible()
  await expect(row).toHaveCount(0)

  const { applications } = await server.api.get<{ applications: { app_name: string }[] }>(
    '/v1/operators/me/authorized-apps',
    token,
  )
  expect(applications.map((app) => app.app_name)).toEqual([name])
  const theirs = await visitAs(account, '/operator/messages')
  await expect(theirs.getByText(name).first()).toBeVisible()
})

test('a price change shows its effect and reaches the operator', async ({ visitAs, server }) => {
  const { appId, name } = await makeApp(server)
  const { operator_id: operatorId, account } = await registerOperator(server)
  const { token } = await server.api.signIn('admin')
  await server.api.post('/v1/admin/authorizations', { operator_id: operatorId, app_id: appId }, token)
  const theirs = await visitAs(account, '/operator/messages')
  await settled(theirs)

  const page = await visitAs('admin', `/admin/applications/${appId}`)
  await press(page, admin.price.change)
  const form = page.getByRole('dialog')
  await form.getByLabel(admin.price.new).fill('25')
  const effect = form.getByRole('region', { name: admin.price.effect })
  await expect(effect).toContainText(/1 个/)
  await expect(effect).toContainText(/¥20\.00\s*¥25\.00/)
  await expect(effect).toContainText(/¥40\.00\s*¥50\.00/)
  await expect(effect).toContainText(/¥120\.00\s*¥150\.00/)
  await form.getByLabel(admin.apps.reason).fill('内容更新')
  await press(page, admin.price.submit)
  await expect(page.getByText(admin.price.done.replace('{{count}}', '1'))).toBeVisible()
  await expect(page.getByRole('row', { name: '内容更新' })).toContainText('+¥5.00')

  // The message appears by itself.
  const message = theirs.getByRole('row', { name: operator.messages.type.price_change })
  await expect(message).toContainText(name)
})

test('an announcement is previewed, sent to chosen operators, and arrives', async ({ visitAs, server }) => {
  const { account } = await registerOperator(server)
  const theirs = await visitAs(account, '/operator/messages')
  await settled(theirs)

  const page = await visitAs('admin', '/admin/announcements')
  await page.getByRole('link', { name: admin.announcements.write }).first().click()
  const title = `停机通知 ${String(randomInt(1_000_000))}`
  await page.getByLabel(admin.announcements.subject).fill(title)
  await page.getByLabel(admin.announcements.content, { exact: true }).fill('今晚 02:00 起例行维护，授权服务不受影响。')
  await expect(page.getByRole('article')).toContainText(title)
  await page.getByText(admin.announcements.chosen).click()
  await press(page, admin.announcements.send)
  await expect(page.getByText(zh.form.required.replace('{{label}}', admin.announcements.chosenLabel))).toBeVisible()
  await page.getByRole('combobox', { name: admin.announcements.chosenLabel }).fill(account.username)
  await page.locator('.ant-select-item-option', { hasText: account.username }).click()
  await page.keyboard.press('Escape')
  await press(page, admin.announcements.send)
  const question = page.getByRole('dialog')
  await expect(question).toContainText(admin.announcements.sendHint.replace('{{count}}', '1'))
  await question.getByRole('button', { name: admin.announcements.send }).click()
  await expect(page.getByRole('row', { name: title })).toContainText('0 / 1')

  const message = theirs.getByRole('row', { name: title })
  await message.getByRole('button', { name: operator.messages.markRead }).click()
  await expect(message.getByRole('button')).toHaveCount(0)
  await page.getByRole('button', { name: zh.refresh }).click()
  await expect(page.getByRole('row', { name: title })).toContainText('1 / 1')
})

test('an operator is locked out and let in again', async ({ visitAs, server, errors }) => {
  errors.expect(/status of 40[13]/)
  const { operator_id: operatorId, account } = await registerOperator(server)
  const theirs = await visitAs(account, '/operator/sites')
  await settled(theirs)

  const page = await visitAs('support', `/admin/operators/${operatorId}`)
  await press(page, admin.operators.lock)
  const question = page.getByRole('dialog')
  await question.getByLabel(zh.reason).fill('涉嫌转借账号')
  await question.getByRole('button', { name: admin.operators.lock }).click()
  await expect(page.getByText('涉嫌转借账号')).toBeVisible()

  await theirs.reload()
  await expect(theirs).toHaveURL(/\/login/)
  await signInAt(theirs, account)
  await expect(theirs.getByRole('alert').last()).toContainText('锁定')

  await press(page, admin.operators.unlock)
  await page.getByRole('dialog').getByLabel(zh.reason).fill('已核实')
  await page.getByRole('dialog').getByRole('button', { name: admin.operators.unlock }).click()
  await expect(page.getByText(admin.operators.active, { exact: true })).toBeVisible()
  await theirs.getByRole('button', { name: zh.signIn.submit }).click()
  await expect(theirs).toHaveURL(/\/operator\//)
})

test('a setting is changed after old and new were shown, and a wrong one is refused', async ({ visitAs, errors }) => {
  errors.expect(/status of 400/)
  const page = await visitAs('admin', '/admin/settings')
  const issuer = page.getByLabel('开票单位名称')
  const days = page.getByLabel('已发送邮件保留天数', { exact: false })
  const name = `梦境科技 ${String(randomInt(1_000_000))}`
  // It appears once something was changed.
  const bar = page.getByRole('status').filter({ hasText: admin.settings.discard })
  await issuer.fill(name)
  await days.fill('99999')
  await bar.getByRole('button', { name: admin.settings.save }).click()
  const question = page.getByRole('dialog')
  await expect(question.getByRole('row', { name: '开票单位名称' })).toContainText(name)
  await question.getByRole('button', { name: admin.settings.save }).click()
  await expect(page.getByText(/须为 0 或 1 到 36500 的整数/)).toBeVisible()

  await days.fill('200')
  await bar.getByRole('button', { name: admin.settings.save }).click()
  await question.getByRole('button', { name: admin.settings.save }).click()
  await expect(page.getByText(admin.settings.saved)).toBeVisible()
  await page.reload()
  await expect(issuer).toHaveValue(name)
  await expect(days).toHaveValue('200')
})

test('support staff do not see what they may not do', async ({ visitAs }) => {
  const page = await visitAs('support', '/admin')
  await expect(page).toHaveURL(/\/admin\/dashboard/)
  const menu = page.getByRole('navigation', { name: zh.menu })
  await expect(menu.getByRole('menuitem', { name: admin.operators.title })).toBeVisible()
  for (const { title } of [admin.audit, admin.accounts, admin.jobs, admin.emails]) {
    await expect(menu.getByRole('menuitem', { name: title })).toHaveCount(0)
  }
  await page.goto('/admin/audit-log')
  await expect(page.getByText(zh.noAccess)).toBeVisible()
})

test('an entry of the audit log tells in words what was done, and has an address', async ({ visitAs, server }) => {
  const { operator_id: operatorId, account } = await registerOperator(server)
  const { token } = await server.api.signIn('admin')
  const body = { category: 'vip', reason: '年度合作客户' }
  await server.api.put(`/v1/admin/operators/${operatorId}/category`, body, token)
  const page = await visitAs('admin', '/admin/audit-log?operation_type=operator_category_change')
  const row = page.getByRole('row', { name: operatorId.slice(-6) })
  await row.getByRole('link', { name: zh.record.open }).click()
  const entry = page.getByRole('dialog')
  await expect(entry.getByRole('row', { name: admin.operators.category })).toContainText(
    `${zh.category.trial}${zh.category.vip}`,
  )
  await expect(entry).toContainText(body.reason)
  await page.reload()
  await expect(entry).toContainText(body.reason)

  // Whose API key was asked for with a wrong password is told with what that means.
  const { token: theirs } = await server.api.signIn(account)
  const wrong = server.api.post('/v1/operators/me/api-key/regenerate', { password: 'Wrong12345' }, theirs)
  await expect(wrong).rejects.toThrow('401')
  await page.goto('/admin/audit-log?operation_type=api_key_regenerate')
  const theirRow = page.getByRole('row', { name: `门店 ${account.username.slice(-4)}` })
  await theirRow.getByRole('link', { name: zh.record.open }).click()
  await expect(entry).toContainText(zh.errors.UNAUTHORIZED)
})

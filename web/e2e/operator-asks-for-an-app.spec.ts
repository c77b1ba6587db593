/** A venue asks for a game, and may play it once somebody has approved. */
import zh from '../src/portals/operator/locale/zh'
import { expect, test } from './support/test'
import { registerOperator } from './support/venue'

test('an operator asks for an app, is told of the approval, and finds it granted', async ({ visitAs, server }) => {
  const { account } = await registerOperator(server)
  const page = await visitAs(account, '/operator/apps')
  const row = page.getByRole('row', { name: /太空探险/ })
  await row.getByRole('button', { name: zh.apps.ask }).click()
  await page.getByLabel(zh.apps.reason).fill('太短')
  await page.getByRole('button', { name: zh.apps.submit }).click()
  await expect(page.getByText('须为 10 到 500 个字符')).toBeVisible()
  await page.getByLabel(zh.apps.reason).fill('新店开业，需要一款适合家庭的应用。')
  await page.getByRole('button', { name: zh.apps.submit }).click()
  await expect(page.getByText(zh.apps.asked)).toBeVisible()
  await expect(row).toContainText(zh.apps.state.pending)

  await page.getByRole('tab', { name: zh.apps.tabs.requests }).click()
  await page.getByRole('button', { name: zh.details }).click()
  await expect(page).toHaveURL(/tab=requests&request=req_/)
  const detail = page.getByRole('dialog')
  await expect(detail).toContainText(zh.apps.next.pending)

  const { token } = await server.api.signIn('admin')
  const path = '/v1/admin/app-requests'
  const { items } = await server.api.get<{ items: Record<string, string>[] }>(`${path}?status=pending`, token)
  const id = new URL(page.url()).searchParams.get('request') ?? ''
  expect(items.map((item) => item.request_id)).toContain(id)
  await server.api.post(`${path}/${id}/approve`, {}, token)
  // Nobody reloads: the news arrives by itself.
  await expect(detail).toContainText(zh.apps.next.approved)
  await detail.getByRole('link', { name: zh.apps.setUp }).click()
  await expect(page).toHaveURL(/\/operator\/setup\?app_id=app_/)
})

test('the link to a message opens it, and it is read', async ({ visitAs, server }) => {
  const { account, operator_id: operatorId } = await registerOperator(server)
  const { token: admin } = await server.api.signIn('admin')
  const announcement = { title: '国庆营业安排', content: '国庆期间门店照常营业，请提前准备设备。', target_operators: [operatorId] }
  await server.api.post('/v1/admin/announcements', announcement, admin)
  const { token } = await server.api.signIn(account)
  const list = '/v1/operators/me/messages'
  const { items } = await server.api.get<{ items: { message_id: string }[] }>(list, token)
  const page = await visitAs(account, `/operator/messages?message=${items[0]?.message_id ?? ''}`)
  await expect(page.getByRole('dialog')).toContainText(announcement.content)
  await expect
    .poll(async () => (await server.api.get<{ unread_count: number }>(list, token)).unread_count)
    .toBe(0)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(page).toHaveURL(/\/operator\/messages$/)
})

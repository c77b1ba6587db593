/** News reaches a page by itself, whenever it happens: also before the stream is open, and while there is none. */
import type { Page } from '@playwright/test'
import zh from '../src/shared/i18n/zh'
import type { Server } from './support/server'
import { settled } from './support/page'
import { expect, test } from './support/test'
import { registerOperator } from './support/venue'

async function announce(server: Server, operatorId: string, title: string): Promise<void> {
  const { token } = await server.api.signIn('admin')
  const body = { title, content: '今晚 02:00 起例行维护。', target_operators: [operatorId] }
  await server.api.post('/v1/admin/announcements', body, token)
}

const row = (page: Page, title: string) => page.getByRole('row', { name: title })

test('what happens while the stream is being opened is shown too', async ({ visitAs, server }) => {
  const { account, operator_id: operatorId } = await registerOperator(server)
  const page = await visitAs(account, '/operator/messages')
  let open: () => void = () => undefined
  const held = new Promise<void>((resolve) => (open = resolve))
  await page.route('**/v1/events', async (route) => {
    await held
    await route.continue()
  })
  await page.reload()
  await settled(page)
  await expect(page.locator('.ant-empty')).toBeVisible()
  await announce(server, operatorId, '开门前的公告')
  await expect(row(page, '开门前的公告')).toHaveCount(0)
  open()
  await expect(row(page, '开门前的公告')).toBeVisible()
})

test('without a stream the page asks now and then, and says so', async ({ visitAs, server, errors }) => {
  errors.expect(/v1\/events/)
  const { account, operator_id: operatorId } = await registerOperator(server)
  const page = await visitAs(account, '/operator/messages')
  await page.route('**/v1/events', (route) => route.abort())
  await page.reload()
  await settled(page)
  await expect(page.getByRole('status', { name: zh.live.polling })).toBeVisible()
  await announce(server, operatorId, '没有推送时的公告')
  await expect(row(page, '没有推送时的公告')).toBeVisible({ timeout: 20_000 })
  await page.unroute('**/v1/events')
  await expect(page.getByRole('status', { name: zh.live.polling })).toHaveCount(0, { timeout: 40_000 })
})

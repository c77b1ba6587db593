/** From a game to its figures: a headset server asks, and the operator sees, counts and takes away what was played. */
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import texts from '../src/portals/operator/locale/money-zh'
import zh from '../src/shared/i18n/zh'
import { passMidnight } from './support/midnight'
import { settled } from './support/page'
import { expect, test } from './support/test'
import { authorize, makeVenue } from './support/venue'

const { dashboard, exports, statistics, transactions, usage } = texts

/** Exports as CSV with the button inside `place`, and gives the lines of the file. */
async function exportedLines(page: Page, place: ReturnType<Page['locator']>): Promise<string[]> {
  const downloaded = page.waitForEvent('download')
  await place.getByRole('button', { name: exports.export }).click()
  await page.getByRole('menuitem', { name: exports.csv }).click()
  const text = await readFile(await (await downloaded).path(), 'utf8')
  return text.trimEnd().split(/\r?\n/)
}

test('a game is seen as it starts, then in the records and the statistics, and leaves as a file', async ({
  server,
  visitAs,
}, info) => {
  await passMidnight(info)
  const venue = await makeVenue(server)
  const page = await visitAs(venue.account, '/operator')
  await settled(page)
  await expect(page.getByRole('banner')).toContainText('¥500.00')
  await expect(page.getByText(dashboard.noGames)).toBeVisible()

  const { status, body } = await authorize(server, venue, 4)
  expect(status).toBe(200)
  const game = body.data as { usage_id: string; session_id: string }
  // Nothing is touched meanwhile: balance, figures and sites follow the stream.
  await expect(page.getByRole('banner')).toContainText('¥460.00')
  const place = page.locator('section').filter({ hasText: dashboard.playing })
  await expect(place.getByText(dashboard.running)).toBeVisible()
  await expect(page.locator('section').filter({ hasText: dashboard.players })).toContainText('4')

  await page.getByRole('menuitem', { name: usage.title }).click()
  await page.getByRole('row').filter({ hasText: '北京朝阳店' }).getByRole('link', { name: zh.record.open }).click()
  await expect(page.getByRole('dialog')).toContainText(game.session_id)
  await page.reload()
  await expect(page.getByRole('dialog')).toContainText(game.usage_id)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  const records = await exportedLines(page, page.locator('body'))
  expect(records[0]).toMatch(/^\uFEFF使用记录编号,会话编号,/)
  expect(records[1]).toContain(`${game.usage_id},${game.session_id},`)
  expect(records).toHaveLength(2)

  await page.getByRole('menuitem', { name: statistics.title }).click()
  const trend = page.locator('section').filter({ has: page.getByRole('heading', { name: statistics.trend }) })
  await expect(trend.first()).toContainText('¥40.00')
  const bySite = page.locator('section').filter({ has: page.getByRole('heading', { name: statistics.bySite }) })
  await expect(bySite.getByRole('row').filter({ hasText: '北京朝阳店' })).toContainText('100.00%')
  const sums = await exportedLines(page, bySite)
  expect(sums[0]).toMatch(/^\uFEFF运营点编号,运营点,/)
  expect(sums[1]).toMatch(new RegExp(`^${venue.siteId},北京朝阳店,1,4,40.00$`))
})

test('a movement of money leads to the game that it paid for', async ({ server, visitAs }) => {
  const venue = await makeVenue(server)
  const { body } = await authorize(server, venue, 2)
  const page = await visitAs(venue.account, '/operator/transactions?type=consumption')
  const row = page.getByRole('row').filter({ hasText: '-¥20.00' })
  await expect(row).toContainText('¥480.00')
  await row.getByRole('link', { name: zh.record.open }).click()
  const drawer = page.getByRole('dialog')
  await expect(drawer).toContainText(transactions.detail)
  await drawer.getByRole('link', { name: transactions.openUsage }).click()
  await expect(page).toHaveURL(/\/operator\/usage\?id=usage_/)
  await expect(drawer).toContainText((body.data as { session_id: string }).session_id)
})

test('filters are kept in the address, and a list without a match says how to go on', async ({ server, visitAs }) => {
  const venue = await makeVenue(server)
  const page = await visitAs(venue.account, '/operator/transactions')
  await page.getByLabel(transactions.type).click()
  await page.getByRole('option', { name: transactions.kind.refund }).click()
  await expect(page).toHaveURL(/type=refund/)
  await expect(page.getByText(zh.table.emptyFiltered)).toBeVisible()
  await page.reload()
  await page.getByRole('button', { name: zh.table.clearFilters }).last().click()
  await expect(page.getByRole('row').filter({ hasText: transactions.kind.adjustment })).toContainText('+¥500.00')
})

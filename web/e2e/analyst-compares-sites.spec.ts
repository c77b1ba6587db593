/** An analyst looks from the whole to two sites side by side, and takes the figures along. */
import { readFile } from 'node:fs/promises'
import zh from '../src/portals/analyst/locale/zh'
import { settled } from './support/page'
import { expect, test } from './support/test'

test.use({ history: 30 })

test('two sites are compared over time, and exported', async ({ visitAs }) => {
  const page = await visitAs('analyst', '/analyst/overview')
  await settled(page)
  await page.getByRole('link', { name: zh.trends.title, exact: true }).click()
  // Until the page is there, the one before has the same filters.
  await expect(page.getByRole('heading', { level: 1, name: zh.trends.title })).toBeVisible()
  await page.getByRole('combobox', { name: zh.filters.site }).click()
  for (const name of ['上海徐汇店', '北京朝阳店']) {
    await page.locator('.ant-select-item-option').filter({ hasText: name }).click()
  }
  await page.keyboard.press('Escape')
  // Whoever chooses two is shown the two side by side.
  await expect(page.getByRole('heading', { name: zh.trends.by.site })).toBeVisible()
  await expect(page).toHaveURL(/site_id=site_\w+&site_id=site_/)
  const table = page.getByRole('table')
  await expect(table.getByRole('row')).toHaveCount(3)
  await expect(table).toContainText('上海徐汇店')
  await expect(table).toContainText('北京朝阳店')

  await page.getByRole('button', { name: zh.export.button }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: zh.export.csv }).click()
  const text = await readFile(await (await download).path(), 'utf8')
  expect(text).toContain('上海徐汇店')
  expect(text).toContain('北京朝阳店')

  // What was chosen can be sent to somebody.
  await page.reload()
  await settled(page)
  await expect(page.getByRole('heading', { name: zh.trends.by.site })).toBeVisible()
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(3)
})

test('a cross table adds up, whichever way round', async ({ visitAs }) => {
  const page = await visitAs('analyst', '/analyst/cross?rows=site&cols=player_count&measure=sessions')
  const total = () => page.getByRole('table').locator('tfoot td').last()
  const before = await total().innerText()
  expect(Number(before.replaceAll(',', ''))).toBeGreaterThan(0)
  await page.getByRole('button', { name: zh.cross.swap }).click()
  await expect(page).toHaveURL(/rows=player_count&cols=site/)
  await expect(page.getByRole('rowheader', { name: '2', exact: true })).toBeVisible()
  await expect(total()).toHaveText(before)
  await page.getByText(zh.cross.views.heat, { exact: true }).click()
  await expect(page.locator('figure svg')).toBeVisible()
})

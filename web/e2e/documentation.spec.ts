/** The description of the API is a page of its own, with a policy of its own. */
import { expect, test } from './support/test'

test('the documentation shows every audience and tries a call', async ({ page }) => {
  await page.goto('/docs')
  await expect(page.getByRole('heading', { name: /coinslot/ })).toBeVisible()
  const health = page.locator('#operations-system-get_health')
  await health.getByRole('button').first().click()
  await health.getByRole('button', { name: 'Try it out' }).click()
  await health.getByRole('button', { name: 'Execute' }).click()
  await expect(health.locator('.live-responses-table .response').getByText('200', { exact: true })).toBeVisible()
})

/** Who has asked the system for less motion sees none. */
import type { Page } from '@playwright/test'
import zh from '../src/shared/i18n/zh'
import { settled } from './support/page'
import { expect, test } from './support/test'

/** The longest movement, in milliseconds, while a menu opens. */
async function longestMovement(page: Page): Promise<number> {
  await page.reload()
  await settled(page)
  const seen = await page.evaluateHandle(() => {
    const seen = { longest: 0 }
    const note = () => {
      const ends = document.getAnimations().map(({ effect }) => Number(effect?.getComputedTiming().endTime ?? 0))
      seen.longest = Math.max(seen.longest, ...ends)
    }
    for (const type of ['animationstart', 'transitionrun']) document.addEventListener(type, note, true)
    return seen
  })
  await page.getByRole('button', { name: zh.account.menu }).click()
  // What opens is where it belongs, also without a way there.
  await expect(page.getByRole('menuitem', { name: zh.account.signOut })).toBeInViewport()
  return seen.evaluate(({ longest }) => longest)
}

test('nothing moves for those who asked for that', async ({ visitAs }) => {
  const page = await visitAs('operator2', '/operator/sites')
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  expect(await longestMovement(page)).toBeGreaterThan(50)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  expect(await longestMovement(page)).toBeLessThan(10)
})

import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']

/** What axe finds that keeps somebody from using the page, one line each. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // Half-way between two colours there is less contrast than in either.
  await expect.poll(() => page.evaluate(countTransitions)).toBe(0)
  // What passes is not counted, and not sorted out in a tab of its own: a third of the time.
  const axe = new AxeBuilder({ page }).options({ runOnly: standards, resultTypes: ['violations'] }).setLegacyMode()
  const { violations } = await axe.analyze()
  const serious = violations.filter((violation) => ['serious', 'critical'].includes(violation.impact ?? ''))
  return serious.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  )
}

/** How many changes of looks are under way, but for those that never end. */
function countTransitions(): number {
  return document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity).length
}

/** What counts by day must not begin on one day of the business time zone and be looked at on the next. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestInfo } from '@playwright/test'

const day = 86_400_000
/** Shanghai, which has no summer time. */
const offset = 8 * 3_600_000

/** Waits for the next day where the present one ends within a minute, and gives the test so much more time. */
export async function passMidnight(info: TestInfo): Promise<void> {
  const left = day - ((Date.now() + offset) % day)
  if (left > 60_000) return
  info.setTimeout(info.timeout + left)
  await sleep(left)
}

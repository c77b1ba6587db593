/** `make screenshots`: the pictures of the documentation, one line each. */
import { settled } from '../support/page'
import { fillIn } from '../support/site-map'
import { test, type View } from '../support/test'
import type { AccountName } from '../support/accounts'

interface Shot extends View {
  /** In `docs/screenshots`, without its ending. */
  name: string
  /** Whose page it is; nobody sees the door. */
  as?: AccountName
  path: string
}

const phone = { width: 390, height: 844 }

const shots: Shot[] = [
  { name: 'operator-dashboard', as: 'operator1', path: '/operator/dashboard' },
  { name: 'operator-dashboard-dark', as: 'operator1', path: '/operator/dashboard', theme: 'dark' },
  { name: 'operator-order-phone', as: 'operator2', path: '/operator/top-up/$id', viewport: phone },
  { name: 'operator-statistics', as: 'operator1', path: '/operator/statistics' },
  { name: 'operator-setup', as: 'operator1', path: '/operator/setup' },
  { name: 'admin-authorization-log', as: 'admin', path: '/admin/authorization-log' },
  { name: 'admin-operator', as: 'admin', path: '/admin/operators/$id' },
  { name: 'finance-dashboard', as: 'finance', path: '/finance/dashboard' },
  { name: 'finance-refund', as: 'finance', path: '/finance/refunds/$id' },
  { name: 'admin-dashboard', as: 'admin', path: '/admin/dashboard' },
  { name: 'analyst-overview-dark', as: 'analyst', path: '/analyst/overview', theme: 'dark' },
  { name: 'analyst-heat-en', as: 'analyst', path: '/analyst/cross?rows=site&cols=day&view=heat', language: 'en' },
]

for (const { name, as: who, path, viewport = { width: 1440, height: 900 }, ...view } of shots) {
  test(name, async ({ server, visitAs }) => {
    const page = await visitAs(who, await fillIn(server, path, who), { viewport, ...view })
    await settled(page)
    // The numbers that count up and the charts that unfold have ended.
    await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== 'running'))
    await page.screenshot({ path: `../docs/screenshots/${name}.png`, animations: 'disabled' })
  })
}

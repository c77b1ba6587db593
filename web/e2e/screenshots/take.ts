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
const tablet = { width: 820, height: 1180 }

const shots: Shot[] = [
  { name: 'sign-in', path: '/login' },
  { name: 'register-en', path: '/operator/register', language: 'en' },
  { name: 'operator-sites', as: 'operator1', path: '/operator/sites' },
  { name: 'operator-sites-tablet', as: 'operator1', path: '/operator/sites', viewport: tablet },
  { name: 'operator-messages-phone', as: 'operator1', path: '/operator/messages', viewport: phone },
  { name: 'admin-operators', as: 'admin', path: '/admin/operators' },
  { name: 'admin-operators-dark', as: 'admin', path: '/admin/operators', theme: 'dark' },
  { name: 'admin-operator', as: 'admin', path: '/admin/operators/$id' },
  { name: 'finance-dashboard', as: 'finance', path: '/finance/dashboard' },
  { name: 'finance-dashboard-dark', as: 'finance', path: '/finance/dashboard', theme: 'dark' },
  { name: 'finance-customers-en', as: 'finance', path: '/finance/customers', language: 'en' },
  { name: 'finance-refund', as: 'finance', path: '/finance/refunds/$id' },
  { name: 'finance-transactions', as: 'finance', path: '/finance/transactions' },
  { name: 'finance-reports', as: 'finance', path: '/finance/reports' },
  { name: 'admin-operator-en', as: 'admin', path: '/admin/operators/$id', language: 'en' },
]

for (const { name, as: who, path, viewport = { width: 1440, height: 900 }, ...view } of shots) {
  test(name, async ({ server, visitAs }) => {
    const page = await visitAs(who, await fillIn(server, path), { viewport, ...view })
    await settled(page)
    // The numbers that count up and the charts that unfold have ended.
    await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== 'running'))
    await page.screenshot({ path: `../docs/screenshots/${name}.png`, animations: 'disabled' })
  })
}

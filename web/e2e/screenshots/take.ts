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
  { name: 'operator-dashboard', as: 'operator1', path: '/operator/dashboard' },
  { name: 'operator-dashboard-dark', as: 'operator1', path: '/operator/dashboard', theme: 'dark' },
  { name: 'operator-dashboard-phone', as: 'operator1', path: '/operator/dashboard', viewport: phone },
  { name: 'operator-top-up', as: 'operator1', path: '/operator/top-up' },
  { name: 'operator-order-phone', as: 'operator2', path: '/operator/top-up/$id', viewport: phone },
  { name: 'operator-transactions', as: 'operator1', path: '/operator/transactions' },
  { name: 'operator-usage', as: 'operator1', path: '/operator/usage' },
  { name: 'operator-statistics', as: 'operator1', path: '/operator/statistics' },
  { name: 'operator-statistics-en', as: 'operator1', path: '/operator/statistics?dimension=week', language: 'en' },
  { name: 'operator-sites', as: 'operator1', path: '/operator/sites' },
  { name: 'operator-sites-tablet', as: 'operator1', path: '/operator/sites', viewport: tablet },
  { name: 'operator-apps', as: 'operator1', path: '/operator/apps' },
  { name: 'operator-setup', as: 'operator1', path: '/operator/setup' },
  { name: 'operator-setup-en-dark', as: 'operator2', path: '/operator/setup', language: 'en', theme: 'dark' },
  { name: 'operator-refunds', as: 'operator1', path: '/operator/refunds' },
  { name: 'operator-invoices', as: 'operator1', path: '/operator/invoices' },
  { name: 'operator-profile', as: 'operator1', path: '/operator/profile' },
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
  { name: 'analyst-overview', as: 'analyst', path: '/analyst/overview' },
  { name: 'analyst-overview-dark', as: 'analyst', path: '/analyst/overview', theme: 'dark' },
  { name: 'analyst-by-site', as: 'analyst', path: '/analyst/by-site' },
  { name: 'analyst-trends', as: 'analyst', path: '/analyst/trends?group_by=site' },
  { name: 'analyst-cross', as: 'analyst', path: '/analyst/cross?rows=site&cols=player_count' },
  { name: 'analyst-heat-en', as: 'analyst', path: '/analyst/cross?rows=site&cols=day&view=heat', language: 'en' },
  { name: 'analyst-players', as: 'analyst', path: '/analyst/players' },
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

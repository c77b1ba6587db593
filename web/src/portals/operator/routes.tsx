import { iconsOf } from '@/shared/icons'
import { later } from '@/shared/later'
import type { Portal } from '@/shared/site-map'

const icon = iconsOf(() => import('./icons'))

export const operator: Portal = {
  name: 'operator',
  texts: { zh: () => import('./locale/zh'), en: () => import('./locale/en') },
  header: later(() => import('./HeaderExtras')),
  pages: [
    {
      path: '/operator/dashboard',
      title: 'operator:dashboard.title',
      icon: icon('DashboardOutlined'),
      load: () => import('./dashboard/DashboardPage'),
    },
    {
      path: '/operator/top-up',
      title: 'operator:topUp.title',
      icon: icon('WalletOutlined'),
      load: () => import('./top-up/TopUpPage'),
    },
    {
      path: '/operator/top-up/$id',
      title: 'operator:topUp.orderTitle',
      parent: '/operator/top-up',
      load: () => import('./top-up/OrderPage'),
    },
    {
      path: '/operator/transactions',
      title: 'operator:transactions.title',
      icon: icon('TransactionOutlined'),
      load: () => import('./transactions/TransactionsPage'),
    },
    {
      path: '/operator/usage',
      title: 'operator:usage.title',
      icon: icon('HistoryOutlined'),
      load: () => import('./usage/UsagePage'),
    },
    {
      path: '/operator/statistics',
      title: 'operator:statistics.title',
      icon: icon('BarChartOutlined'),
      load: () => import('./statistics/StatisticsPage'),
    },
    {
      path: '/operator/sites',
      title: 'operator:sites.title',
      icon: icon('ShopOutlined'),
      load: () => import('./sites/SitesPage'),
    },
    {
      path: '/operator/apps',
      title: 'operator:apps.title',
      icon: icon('AppstoreOutlined'),
      load: () => import('./apps/AppsPage'),
    },
    {
      path: '/operator/setup',
      title: 'operator:setup.title',
      icon: icon('ToolOutlined'),
      load: () => import('./setup/SetupPage'),
    },
    {
      path: '/operator/refunds',
      title: 'operator:refunds.title',
      icon: icon('RollbackOutlined'),
      load: () => import('./refunds/RefundsPage'),
    },
    {
      path: '/operator/invoices',
      title: 'operator:invoices.title',
      icon: icon('FileTextOutlined'),
      load: () => import('./invoices/InvoicesPage'),
    },
    {
      path: '/operator/messages',
      title: 'operator:messages.title',
      icon: icon('MailOutlined'),
      load: () => import('./messages/MessagesPage'),
    },
    {
      path: '/operator/profile',
      title: 'operator:profile.title',
      icon: icon('UserOutlined'),
      load: () => import('./profile/ProfilePage'),
    },
  ],
}

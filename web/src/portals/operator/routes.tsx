import {
  BarChartOutlined,
  DashboardOutlined,
  HistoryOutlined,
  MailOutlined,
  ShopOutlined,
  TransactionOutlined,
  WalletOutlined,
} from '@ant-design/icons'
import { later } from '@/shared/later'
import type { Portal } from '@/shared/site-map'

export const operator: Portal = {
  name: 'operator',
  texts: () => import('./locale'),
  header: later(() => import('./HeaderExtras')),
  pages: [
    {
      path: '/operator/dashboard',
      title: 'operator:dashboard.title',
      icon: DashboardOutlined,
      load: () => import('./dashboard/DashboardPage'),
    },
    {
      path: '/operator/top-up',
      title: 'operator:topUp.title',
      icon: WalletOutlined,
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
      icon: TransactionOutlined,
      load: () => import('./transactions/TransactionsPage'),
    },
    {
      path: '/operator/usage',
      title: 'operator:usage.title',
      icon: HistoryOutlined,
      load: () => import('./usage/UsagePage'),
    },
    {
      path: '/operator/statistics',
      title: 'operator:statistics.title',
      icon: BarChartOutlined,
      load: () => import('./statistics/StatisticsPage'),
    },
    {
      path: '/operator/sites',
      title: 'operator:sites.title',
      icon: ShopOutlined,
      load: () => import('./sites/SitesPage'),
    },
    {
      path: '/operator/messages',
      title: 'operator:messages.title',
      icon: MailOutlined,
      load: () => import('./messages/MessagesPage'),
    },
  ],
}

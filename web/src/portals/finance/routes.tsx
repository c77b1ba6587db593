import { iconsOf } from '@/shared/icons'
import type { Portal } from '@/shared/site-map'

const icon = iconsOf(() => import('./icons'))

export const finance: Portal = {
  name: 'finance',
  texts: { zh: () => import('./locale/zh'), en: () => import('./locale/en') },
  pages: [
    {
      path: '/finance/dashboard',
      title: 'finance:dashboard.title',
      icon: icon('DashboardOutlined'),
      load: () => import('./dashboard/DashboardPage'),
    },
    {
      path: '/finance/customers',
      title: 'finance:customers.title',
      icon: icon('TrophyOutlined'),
      load: () => import('./customers/CustomersPage'),
    },
    {
      path: '/finance/customers/$id',
      title: 'finance:customers.detail',
      parent: '/finance/customers',
      load: () => import('./customers/CustomerPage'),
    },
    {
      path: '/finance/refunds',
      title: 'finance:refunds.title',
      icon: icon('RollbackOutlined'),
      load: () => import('./refunds/RefundsPage'),
    },
    {
      path: '/finance/refunds/$id',
      title: 'finance:refunds.detail',
      parent: '/finance/refunds',
      load: () => import('./refunds/RefundPage'),
    },
    {
      path: '/finance/invoices',
      title: 'finance:invoices.title',
      icon: icon('FileTextOutlined'),
      load: () => import('./invoices/InvoicesPage'),
    },
    {
      path: '/finance/recharges',
      title: 'finance:recharges.title',
      icon: icon('WalletOutlined'),
      load: () => import('./recharges/RechargesPage'),
    },
    {
      path: '/finance/recharges/$id',
      title: 'finance:recharges.detail',
      parent: '/finance/recharges',
      load: () => import('./recharges/RechargePage'),
    },
    {
      path: '/finance/transactions',
      title: 'finance:transactions.title',
      icon: icon('SwapOutlined'),
      needs: 'can_view_all_transactions',
      load: () => import('./transactions/TransactionsPage'),
    },
    {
      path: '/finance/reports',
      title: 'finance:reports.title',
      icon: icon('BarChartOutlined'),
      load: () => import('./reports/ReportsPage'),
    },
    {
      path: '/finance/reconciliation',
      title: 'finance:reconciliation.title',
      icon: icon('AccountBookOutlined'),
      load: () => import('./reconciliation/ReconciliationPage'),
    },
    {
      path: '/finance/reconciliation/$id',
      title: 'finance:reconciliation.detail',
      parent: '/finance/reconciliation',
      load: () => import('./reconciliation/BillPage'),
    },
    {
      path: '/finance/audit-logs',
      title: 'finance:audit.title',
      icon: icon('AuditOutlined'),
      load: () => import('./audit/AuditPage'),
    },
  ],
}

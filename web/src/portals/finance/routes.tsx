import {
  AuditOutlined,
  DashboardOutlined,
  FileTextOutlined,
  RollbackOutlined,
  SwapOutlined,
  TrophyOutlined,
} from '@ant-design/icons'
import type { Portal } from '@/shared/site-map'

export const finance: Portal = {
  name: 'finance',
  texts: () => import('./locale'),
  pages: [
    {
      path: '/finance/dashboard',
      title: 'finance:dashboard.title',
      icon: DashboardOutlined,
      load: () => import('./dashboard/DashboardPage'),
    },
    {
      path: '/finance/customers',
      title: 'finance:customers.title',
      icon: TrophyOutlined,
      load: () => import('./customers/TopCustomersPage'),
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
      icon: RollbackOutlined,
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
      icon: FileTextOutlined,
      load: () => import('./invoices/InvoicesPage'),
    },
    {
      path: '/finance/transactions',
      title: 'finance:transactions.title',
      icon: SwapOutlined,
      needs: 'can_view_all_transactions',
      load: () => import('./transactions/TransactionsPage'),
    },
    {
      path: '/finance/audit-logs',
      title: 'finance:audit.title',
      icon: AuditOutlined,
      load: () => import('./audit/AuditPage'),
    },
  ],
}

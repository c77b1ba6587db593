import {
  AppstoreOutlined,
  FileTextOutlined,
  MailOutlined,
  RollbackOutlined,
  ShopOutlined,
  ToolOutlined,
  UserOutlined,
} from '@ant-design/icons'
import { later } from '@/shared/later'
import type { Portal } from '@/shared/site-map'

export const operator: Portal = {
  name: 'operator',
  texts: () => import('./locale'),
  header: later(() => import('./HeaderExtras')),
  pages: [
    {
      path: '/operator/sites',
      title: 'operator:sites.title',
      icon: ShopOutlined,
      load: () => import('./sites/SitesPage'),
    },
    {
      path: '/operator/apps',
      title: 'operator:apps.title',
      icon: AppstoreOutlined,
      load: () => import('./apps/AppsPage'),
    },
    {
      path: '/operator/setup',
      title: 'operator:setup.title',
      icon: ToolOutlined,
      load: () => import('./setup/SetupPage'),
    },
    {
      path: '/operator/refunds',
      title: 'operator:refunds.title',
      icon: RollbackOutlined,
      load: () => import('./refunds/RefundsPage'),
    },
    {
      path: '/operator/invoices',
      title: 'operator:invoices.title',
      icon: FileTextOutlined,
      load: () => import('./invoices/InvoicesPage'),
    },
    {
      path: '/operator/messages',
      title: 'operator:messages.title',
      icon: MailOutlined,
      load: () => import('./messages/MessagesPage'),
    },
    {
      path: '/operator/profile',
      title: 'operator:profile.title',
      icon: UserOutlined,
      load: () => import('./profile/ProfilePage'),
    },
  ],
}

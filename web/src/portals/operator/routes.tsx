import { MailOutlined, ShopOutlined } from '@ant-design/icons'
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
      path: '/operator/messages',
      title: 'operator:messages.title',
      icon: MailOutlined,
      load: () => import('./messages/MessagesPage'),
    },
  ],
}

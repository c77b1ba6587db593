import { TeamOutlined } from '@ant-design/icons'
import type { Portal } from '@/shared/site-map'

export const admin: Portal = {
  name: 'admin',
  texts: () => import('./locale'),
  pages: [
    {
      path: '/admin/operators',
      title: 'admin:operators.title',
      icon: TeamOutlined,
      load: () => import('./operators/OperatorsPage'),
    },
    {
      path: '/admin/operators/$id',
      title: 'admin:operators.detail',
      parent: '/admin/operators',
      load: () => import('./operators/OperatorPage'),
    },
  ],
}

import {
  AppstoreOutlined,
  BarChartOutlined,
  DashboardOutlined,
  LineChartOutlined,
  ShopOutlined,
  TableOutlined,
  TeamOutlined,
} from '@ant-design/icons'
import type { Portal } from '@/shared/site-map'

export const analyst: Portal = {
  name: 'analyst',
  texts: () => import('./locale'),
  pages: [
    {
      path: '/analyst/overview',
      title: 'analyst:overview.title',
      icon: DashboardOutlined,
      load: () => import('./overview/OverviewPage'),
    },
    {
      path: '/analyst/by-operator',
      title: 'analyst:ranking.operator',
      icon: TeamOutlined,
      load: () => import('./rankings/ByOperatorPage'),
    },
    {
      path: '/analyst/by-site',
      title: 'analyst:ranking.site',
      icon: ShopOutlined,
      load: () => import('./rankings/BySitePage'),
    },
    {
      path: '/analyst/by-app',
      title: 'analyst:ranking.app',
      icon: AppstoreOutlined,
      load: () => import('./rankings/ByAppPage'),
    },
    {
      path: '/analyst/trends',
      title: 'analyst:trends.title',
      icon: LineChartOutlined,
      load: () => import('./trends/TrendsPage'),
    },
    {
      path: '/analyst/cross',
      title: 'analyst:cross.title',
      icon: TableOutlined,
      load: () => import('./cross/CrossPage'),
    },
    {
      path: '/analyst/players',
      title: 'analyst:players.title',
      icon: BarChartOutlined,
      load: () => import('./players/PlayersPage'),
    },
  ],
}

import { iconsOf } from '@/shared/icons'
import type { Portal } from '@/shared/site-map'

const icon = iconsOf(() => import('./icons'))

export const analyst: Portal = {
  name: 'analyst',
  texts: { zh: () => import('./locale/zh'), en: () => import('./locale/en') },
  pages: [
    {
      path: '/analyst/overview',
      title: 'analyst:overview.title',
      icon: icon('DashboardOutlined'),
      load: () => import('./overview/OverviewPage'),
    },
    {
      path: '/analyst/by-operator',
      title: 'analyst:ranking.operator',
      icon: icon('TeamOutlined'),
      load: () => import('./rankings/ByOperatorPage'),
    },
    {
      path: '/analyst/by-site',
      title: 'analyst:ranking.site',
      icon: icon('ShopOutlined'),
      load: () => import('./rankings/BySitePage'),
    },
    {
      path: '/analyst/by-app',
      title: 'analyst:ranking.app',
      icon: icon('AppstoreOutlined'),
      load: () => import('./rankings/ByAppPage'),
    },
    {
      path: '/analyst/trends',
      title: 'analyst:trends.title',
      icon: icon('LineChartOutlined'),
      load: () => import('./trends/TrendsPage'),
    },
    {
      path: '/analyst/cross',
      title: 'analyst:cross.title',
      icon: icon('TableOutlined'),
      load: () => import('./cross/CrossPage'),
    },
    {
      path: '/analyst/players',
      title: 'analyst:players.title',
      icon: icon('BarChartOutlined'),
      load: () => import('./players/PlayersPage'),
    },
  ],
}

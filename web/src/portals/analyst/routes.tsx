import type { Portal } from '@/shared/site-map'

export const analyst: Portal = {
  name: 'analyst',
  texts: () => import('./locale'),
  pages: [],
}

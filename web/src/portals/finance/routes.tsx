import type { Portal } from '@/shared/site-map'

export const finance: Portal = {
  name: 'finance',
  texts: () => import('./locale'),
  pages: [],
}

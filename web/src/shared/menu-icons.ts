import type { ComponentType } from 'react'
import { later } from './later'

/**
 * Icons of a portal's menu: `const icon = menuIcons(() => import('./icons'))`, then `icon: icon('ShopOutlined')`. They
 * come with the menu and not with the site map, which everybody loads at the door.
 */
export function menuIcons<Name extends string>(
  load: () => Promise<Record<Name, ComponentType>>,
): (name: NoInfer<Name>) => ComponentType {
  return (name) => later(async () => ({ default: (await load())[name] }))
}

import type { ComponentType } from 'react'
import { later } from './later'

/** As wide as an icon, so that nothing moves when it comes. */
const place = <span className="anticon" style={{ width: '1em', height: '1em' }} />

/**
 * Icons of the menu that are loaded with it: the site map is part of what everybody loads to sign in, and drawings would
 * make that heavier with each page. `const icon = iconsOf(() => import('./icons'))`, and then `icon('TeamOutlined')`.
 */
export function iconsOf<Icons extends object>(
  load: () => Promise<Icons>,
): (name: keyof Icons) => ComponentType {
  return (name) => later(async () => ({ default: (await load())[name] as ComponentType }), place)
}

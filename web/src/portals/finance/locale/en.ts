import type { SameKeys } from '@/shared/i18n/shape'
import type zh from './zh'

export default {} satisfies SameKeys<typeof zh>

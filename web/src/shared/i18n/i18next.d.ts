import 'i18next'
import type admin from '@/portals/admin/locale/zh'
import type analyst from '@/portals/analyst/locale/zh'
import type finance from '@/portals/finance/locale/zh'
import type operator from '@/portals/operator/locale/zh'
import type common from './zh'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: {
      common: typeof common
      operator: typeof operator
      admin: typeof admin
      finance: typeof finance
      analyst: typeof analyst
    }
  }
}

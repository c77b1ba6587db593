import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import {
  getConsumptionByAppOptions,
  listAuthorizedAppsOptions,
  listSitesOptions,
} from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import type { Filter } from '@/shared/FilterBar'
import { addToDate, daysToRange, today } from '@/shared/time'

interface Named {
  app_id: string
  app_name: string
}

/** Filters by site and by application: also of deleted sites and of grants that ended, whose history stays. */
export function usePlaceFilters(): Filter[] {
  const { t } = useTranslation(['operator', 'common'])
  const now = today()
  const year = daysToRange(addToDate(now, -365), now)
  const sites = useQuery({ ...listSitesOptions({ query: { include_deleted: true } }), select: unwrap })
  const granted = useQuery({ ...listAuthorizedAppsOptions(), select: unwrap })
  const played = useQuery({ ...getConsumptionByAppOptions({ query: year }), select: unwrap })
  const apps = new Map<string, Named>()
  for (const app of [...(granted.data?.applications ?? []), ...(played.data?.applications ?? [])]) {
    apps.set(app.app_id, app)
  }
  const deleted = t('sites.deletedState')
  return [
    {
      kind: 'select',
      name: 'site_id',
      label: t('usage.site'),
      options: (sites.data?.sites ?? []).map((site) => ({
        value: site.site_id,
        label: site.is_deleted ? `${site.name} (${deleted})` : site.name,
      })),
    },
    {
      kind: 'select',
      name: 'app_id',
      label: t('usage.app'),
      options: [...apps.values()].map((app) => ({ value: app.app_id, label: app.app_name })),
    },
  ]
}

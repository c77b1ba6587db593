/** Words for the codes of the audit log; a code that nobody has translated yet is shown as it is. */
import { useQuery } from '@tanstack/react-query'
import i18next from 'i18next'
import type { AuditLogItem } from '@/api/generated'
import { listSettingsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { settingName } from '../settings/names'

type Group = 'operations' | 'targets' | 'actorTypes' | 'fields'

/** The text under the first of the paths that has one. */
function wordAt(...paths: string[]): string | undefined {
  const path = paths.find((path) => i18next.exists(path))
  return path && i18next.t(path as 'admin:audit.title')
}

export function auditWord(group: Group, code: string): string {
  return wordAt(`admin:audit.${group}.${code}`) ?? code
}

/** Every kind of act that has a name, for the filter. */
export function operations(): string[] {
  return Object.keys(i18next.t('admin:audit.operations', { returnObjects: true }))
}

/** Where the words for the values of a field stand, if not with those of the audit log. */
const places: Record<string, string[]> = {
  category: ['common:category'],
  kind: ['admin:accounts.kinds', 'admin:jobs.kinds'],
  role: ['admin:accounts.roles'],
  rule: ['admin:security.kinds'],
}

export function valueWord(field: string, code: string): string {
  const named = [`admin:audit.values.${field}`, ...(places[field] ?? [])]
  // What has a space in it is no code, and a dot would lead deeper into the texts.
  return (/^\w+$/.test(code) ? wordAt(...named.map((place) => `${place}.${code}`)) : undefined) ?? code
}

/** Names of the fields of an entry: settings are called as on their page. */
export function useFieldWords({ operation_type: type, operation_details: details }: AuditLogItem) {
  const isAboutSettings = type === 'settings_update'
  const settings = useQuery({ ...listSettingsOptions(), select: unwrap, enabled: isAboutSettings })
  const isWatch = 'rule' in (details as object)
  return (field: string): string => {
    const setting = settings.data?.settings.find(({ key }) => key === field)
    if (isAboutSettings) return setting ? settingName(setting) : field
    const evidence = `admin:security.evidenceOf.${field}`
    const places = [`admin:audit.fields.${field}`, evidence, `admin:accounts.can.${field}`]
    // The address that the watch saw is no street.
    return wordAt(...(isWatch ? [evidence] : []), ...places) ?? field
  }
}

/** Words for the codes of the audit log; a code that nobody has translated yet is shown as it is. */
import i18next from 'i18next'
import zh from '../locale/zh-audit'

type Group = 'operations' | 'targets' | 'actorTypes' | 'fields'

export function auditWord(group: Group, code: string): string {
  const path = `admin:audit.${group}.${code}`
  return i18next.exists(path) ? i18next.t(path as 'admin:audit.title') : code
}

/** Every kind of act that has a name, for the filter. */
export const operations = Object.keys(zh.operations)

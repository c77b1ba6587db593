import { useTranslation } from 'react-i18next'

/** Names of kinds and roles; support staff carry the role `operator`. */
export function useStaffWords(): { kind: (kind: string) => string; role: (role: string) => string } {
  const { t } = useTranslation(['admin', 'common'])
  return {
    kind: (kind) => t(`accounts.kinds.${kind}` as 'accounts.kinds.admin'),
    role: (role) => t(`accounts.roles.${role}` as 'accounts.roles.admin'),
  }
}

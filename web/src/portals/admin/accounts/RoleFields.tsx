import { Form, Select, Switch, theme } from 'antd'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/shared/session/session'
import { isFixed, permissionsOfKind, presetOf, rolesOf, type Kind, type StaffRole } from './presets'
import { useStaffWords } from './words'

/** The role and, on top of its preset, single permissions. Choosing another role begins with its preset. */
export function RoleFields({ kind }: { kind: Kind }) {
  const { t } = useTranslation(['admin', 'common'])
  const words = useStaffWords()
  const form = Form.useFormInstance()
  const isSuperAdmin = useSession()?.staffRole === 'super_admin'
  const role = Form.useWatch<StaffRole | undefined>('role') ?? rolesOf[kind][0]
  // Only a super admin makes super admins.
  const roles = rolesOf[kind].filter((name) => name !== 'super_admin' || isSuperAdmin)
  return (
    <>
      <Form.Item
        name="role"
        label={t('accounts.role')}
        extra={role === 'super_admin' ? t('accounts.lastSuperAdmin') : undefined}
      >
        <Select
          options={roles.map((value) => ({ value, label: words.role(value) }))}
          onChange={(chosen: StaffRole) => {
            form.setFieldValue('permissions', presetOf(kind, chosen))
          }}
        />
      </Form.Item>
      <Permissions kind={kind} role={role} />
    </>
  )
}

function Permissions({ kind, role }: { kind: Kind; role: StaffRole }) {
  const { t } = useTranslation(['admin', 'common'])
  const { token } = theme.useToken()
  const names = permissionsOfKind(kind)
  const quiet = { color: token.colorTextDescription, fontSize: 13 }
  const hint = {
    super_admin: t('accounts.fullPermissions'),
    auditor: t('accounts.auditorPermissions'),
    analyst: t('accounts.noPermissions'),
  }[role as string]
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
      <legend style={{ padding: 0, marginBlockEnd: 4, border: 0, fontSize: 14, color: token.colorText }}>
        {t('accounts.permissions')}
      </legend>
      <p style={{ ...quiet, margin: '0 0 8px' }}>{hint ?? t('accounts.permissionsHint')}</p>
      {names.map((name) => (
        <PermissionSwitch
          key={name}
          name={name}
          preset={presetOf(kind, role)[name] === true}
          isFixed={isFixed(role, name)}
        />
      ))}
    </fieldset>
  )
}

function PermissionSwitch({
  name,
  preset,
  isFixed: cannotChange,
}: {
  name: ReturnType<typeof permissionsOfKind>[number]
  preset: boolean
  isFixed: boolean
}) {
  const { t } = useTranslation(['admin', 'common'])
  const { token } = theme.useToken()
  const isHeld = Form.useWatch<boolean | undefined>(['permissions', name])
  const id = `permission-${name}`
  return (
    <div style={{ display: 'flex', gap: 12, alignItems: 'center', paddingBlock: 4 }}>
      <Form.Item name={['permissions', name]} valuePropName="checked" noStyle>
        <Switch id={id} size="small" disabled={cannotChange} />
      </Form.Item>
      <label htmlFor={id}>{t(`accounts.can.${name}`)}</label>
      {isHeld !== undefined && isHeld !== preset && (
        <span style={{ color: token.colorWarningText, fontSize: 13 }}>{t('accounts.adjusted')}</span>
      )}
    </div>
  )
}

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isFixed, permissionsOfKind, presetOf, rolesOf } from './presets'

const server = readFileSync('../crates/platform/src/security/roles.rs', 'utf8')

/** The permissions that the server's preset of the role switches off. */
function withheldByServer(variant: string): string[] {
  const preset = new RegExp(`Self::${variant} => \\w+Permissions \\{([^}]*)\\}`).exec(server)?.[1] ?? ''
  return [...preset.matchAll(/(can_\w+): false/g)].map((match) => match[1] ?? '').sort()
}

describe('presets of roles', () => {
  it('are those of the server', () => {
    const variants = {
      admin: { admin: 'Admin', operator: 'Operator' },
      finance: { specialist: 'Specialist', auditor: 'Auditor' },
    } as const
    const withheld = (kind: 'admin' | 'finance', role: Parameters<typeof presetOf>[1]) =>
      Object.entries(presetOf(kind, role))
        .filter(([, isHeld]) => !isHeld)
        .map(([name]) => name)
        .sort()
    expect(withheld('admin', 'admin')).toEqual(withheldByServer(variants.admin.admin))
    expect(withheld('admin', 'operator')).toEqual(withheldByServer(variants.admin.operator))
    expect(withheld('finance', 'specialist')).toEqual(withheldByServer(variants.finance.specialist))
    expect(withheld('finance', 'auditor')).toEqual(withheldByServer(variants.finance.auditor))
    expect(withheld('admin', 'super_admin')).toEqual([])
    expect(withheld('finance', 'manager')).toEqual([])
  })

  it('of analysts hold nothing', () => {
    expect(permissionsOfKind('analyst')).toEqual([])
    expect(rolesOf.analyst).toEqual(['analyst'])
  })

  it('cannot be changed where the product forbids it', () => {
    expect(isFixed('super_admin', 'can_manage_admins')).toBe(true)
    expect(isFixed('auditor', 'can_review_refund')).toBe(true)
    expect(isFixed('auditor', 'can_export_report')).toBe(false)
    expect(isFixed('admin', 'can_manage_admins')).toBe(false)
  })
})

import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { admits, can, permissionsOf } from './can'
import { session, toSession, type Session } from './session'

const admin: Session = {
  token: 'first',
  role: 'admin',
  accountId: 'admin_1',
  username: 'admin',
  name: '管理员',
  staffRole: 'admin',
  permissions: { can_manage_operators: true, can_view_financial_data: false },
}

beforeEach(() => {
  session.end()
})

describe('a session', () => {
  it('is kept for the next visit', () => {
    session.begin(admin)
    expect(JSON.parse(localStorage.getItem('coinslot.session') ?? '')).toEqual(admin)
    session.end()
    expect(localStorage.getItem('coinslot.session')).toBeNull()
  })

  it('ends when another tab ends it', () => {
    session.begin(admin)
    const told = vi.fn()
    const stop = session.subscribe(told)
    localStorage.removeItem('coinslot.session')
    window.dispatchEvent(new StorageEvent('storage', { key: 'coinslot.session' }))
    stop()
    expect(session.get()).toBeUndefined()
    expect(told).toHaveBeenCalledOnce()
  })

  it('expires with its own token only', () => {
    session.begin({ ...admin, token: 'second' })
    session.expire('first')
    expect(session.get()?.token).toBe('second')
    session.expire('second')
    expect(session.get()).toBeUndefined()
    expect(session.hasExpired()).toBe(true)
  })

  it('that was ended by the person has not expired', () => {
    session.begin(admin)
    session.end()
    expect(session.hasExpired()).toBe(false)
    expect(session.hasLeft()).toBe(true)
  })

  it('takes name and permissions from the answer to the sign-in', () => {
    const permissions = Object.fromEntries(
      permissionsOf.finance.map((name) => [name, name !== 'can_review_refund']),
    )
    const begun = toSession({
      access_token: 'token',
      token_type: 'Bearer',
      expires_in: 60,
      finance: {
        finance_id: 'fin_1',
        username: 'f',
        name: '财务',
        role: 'auditor',
        permissions: permissions as never,
      },
    })
    expect(begun).toMatchObject({ role: 'finance', accountId: 'fin_1', staffRole: 'auditor' })
    expect(can(begun, 'can_review_refund')).toBe(false)
    expect(can(begun, 'can_export_report')).toBe(true)
  })
})

describe('permissions', () => {
  const rust = readFileSync('../crates/platform/src/security/roles.rs', 'utf8')
  const serverSet = (name: string) => {
    const block = new RegExp(`${name}Permissions, ${name}Permission \\{([^}]+)\\}`).exec(rust)?.[1] ?? ''
    return [...block.matchAll(/\b(can_\w+)/g)].map((match) => match[1])
  }

  it('are those of the server', () => {
    expect(serverSet('Admin')).toHaveLength(8)
    expect(permissionsOf.admin).toEqual(serverSet('Admin'))
    expect(permissionsOf.finance).toEqual(serverSet('Finance'))
  })

  it('guard each page as the server guards what it shows', () => {
    const access = readFileSync('../tests/it/access.txt', 'utf8')
    expect(access).toMatch(/\/v1\/analytics\/overview\s+analyst admin:can_view_financial_data/)
    expect(admits('analyst', admin)).toBe(false)
    expect(admits('analyst', { ...admin, permissions: { can_view_financial_data: true } })).toBe(true)
    expect(admits('finance', admin)).toBe(false)
    expect(admits('admin', admin)).toBe(true)
  })

  it('that are unknown or missing are not held', () => {
    expect(can(undefined, 'can_manage_admins')).toBe(false)
    expect(can(admin, 'can_manage_admins')).toBe(false)
  })
})

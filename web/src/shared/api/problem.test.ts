import { describe, expect, it } from 'vitest'
import { passwordField } from './client'
import { isPassing, Problem, toProblem } from './problem'

const answer = (status: number) => new Response('', { status, headers: { 'x-request-id': 'from-header' } })

describe('a problem', () => {
  it('is read from the envelope of the API', () => {
    const problem = toProblem(
      {
        success: false,
        error_code: 'INVALID_PARAMS',
        message: '请求参数有误',
        details: { fields: [{ field: 'name', message: '必填' }] },
        request_id: 'abc',
      },
      answer(400),
    )
    expect(problem).toMatchObject({
      code: 'INVALID_PARAMS',
      status: 400,
      message: '请求参数有误',
      requestId: 'abc',
    })
    expect(problem.fields).toEqual([{ field: 'name', message: '必填' }])
  })

  it('of a proxy in front of the server is told by its status', () => {
    expect(toProblem('<html>', answer(502))).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      requestId: 'from-header',
    })
    expect(toProblem('<html>', answer(400)).code).toBe('INTERNAL_ERROR')
  })

  it('without an answer is one of the network', () => {
    expect(toProblem(new TypeError('Failed to fetch'))).toMatchObject({ code: 'NO_ANSWER', status: 0 })
  })

  it('passes only when the server or the network may recover', () => {
    expect(isPassing(new Problem('NO_ANSWER', 0, ''))).toBe(true)
    expect(isPassing(new Problem('SERVICE_UNAVAILABLE', 503, ''))).toBe(true)
    expect(isPassing(new Problem('RATE_LIMIT_EXCEEDED', 429, ''))).toBe(true)
    expect(isPassing(new Problem('PERMISSION_DENIED', 403, ''))).toBe(false)
    expect(isPassing(new Error('a bug of ours'))).toBe(false)
  })
})

describe('a 401', () => {
  it('is about the password where one is asked for', () => {
    expect(passwordField({ password: 'x', reason: 'y' })).toBe('password')
    expect(passwordField({ old_password: 'x', new_password: 'y' })).toBe('old_password')
    expect(passwordField({ reason: 'y' })).toBeUndefined()
    expect(passwordField(undefined)).toBeUndefined()
  })
})

/** What every call has in common, whichever operation it is. */
import { client } from '@/api/generated/client.gen'
import { currentLanguage, httpLanguage } from '@/shared/i18n/language'
import { session } from '@/shared/session/session'
import { Problem, toProblem } from './problem'

const bearer = 'Bearer '

/** The field in which a request asks for the password again. There a 401 is about the password, not the session. */
export function passwordField(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  return ['password', 'old_password'].find((field) => field in body)
}

export function connectClient(): void {
  client.interceptors.request.use((request) => {
    request.headers.set('Accept-Language', httpLanguage(currentLanguage()))
    return request
  })
  client.interceptors.error.use((body, response, request, options) => {
    const problem = toProblem(body, response)
    const authorization = request.headers.get('Authorization')
    if (problem.status !== 401 || !authorization?.startsWith(bearer)) return problem
    const field = passwordField(options.body)
    if (field) return aboutField(problem, field)
    session.expire(authorization.slice(bearer.length))
    return problem
  })
}

function aboutField(problem: Problem, field: string): Problem {
  const details = { fields: [{ field, message: problem.message }] }
  return new Problem(problem.code, problem.status, problem.message, details, problem.requestId)
}

/** A request that did not succeed, in the envelope of the API or without any answer. */

import { currentLanguage } from '@/shared/i18n/language'

export interface FieldProblem {
  field: string
  message: string
}

export class Problem extends Error {
  override name = 'Problem'
  /** Of the message, which nobody translates afterwards. */
  private readonly language = currentLanguage()

  constructor(
    /** The `error_code`, or `NO_ANSWER` when the server could not be reached. */
    readonly code: string,
    readonly status: number,
    message: string,
    readonly details: Record<string, unknown> = {},
    readonly requestId?: string,
  ) {
    super(message)
  }

  /** What the server said; nothing once the person reads another language. */
  get words(): string {
    return this.status !== 0 && this.language === currentLanguage() ? this.message : ''
  }

  /** The wrong fields of the request, each with words for people. */
  get fields(): FieldProblem[] {
    const fields = this.details.fields
    return Array.isArray(fields) ? (fields as FieldProblem[]) : []
  }
}

interface Envelope {
  error_code?: unknown
  message?: unknown
  details?: unknown
  request_id?: unknown
}

/** Reads whatever a failed call left behind. */
export function toProblem(body: unknown, response?: Response): Problem {
  if (body instanceof Problem) return body
  if (!response) return new Problem('NO_ANSWER', 0, body instanceof Error ? body.message : '')
  const envelope: Envelope = typeof body === 'object' && body !== null ? body : {}
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return new Problem(
    // A proxy in front of the server may answer in a shape of its own.
    text(envelope.error_code) ?? (response.status >= 500 ? 'SERVICE_UNAVAILABLE' : 'INTERNAL_ERROR'),
    response.status,
    text(envelope.message) ?? '',
    (envelope.details ?? {}) as Record<string, unknown>,
    text(envelope.request_id) ?? response.headers.get('x-request-id') ?? undefined,
  )
}

/** Whether asking again may help; a refusal stays one. */
export function isPassing(error: unknown): boolean {
  return error instanceof Problem && (error.status === 0 || error.status === 429 || error.status >= 500)
}

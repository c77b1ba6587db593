/**
 * Acts change something on the server. An act is run by {@link FormModal}, {@link FormPage}, {@link ConfirmAction} or
 * {@link ActButton}, which show its problem; after it everything on the page is read again.
 */
import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query'
import { useRef } from 'react'
import { randomId } from '@/shared/random-id'
import { useToasts } from '@/shared/toasts'

export type Act<Request, Answer> = UseMutationResult<Answer, Error, Request>

/** A function of the generated client. */
type Call = (options: never) => Promise<{ data: { data: unknown } | undefined }>

/** What the call answers, without the envelope. */
type AnswerOf<C extends Call> = NonNullable<Awaited<ReturnType<C>>['data']>['data']
type RequestOf<C extends Call> = Omit<NonNullable<Parameters<C>[0]>, 'url' | 'client' | 'headers'>

/**
 * `const create = useAct(createSite, { done: t('sites.created') })`.
 *
 * Every act carries one `Idempotency-Key` until it has succeeded, so that a second press, or trying again after a lost
 * answer, does it once. The API reads the key where it creates or moves something and ignores it elsewhere.
 */
export function useAct<C extends Call>(
  call: C,
  { done }: { done?: string } = {},
): Act<RequestOf<C>, AnswerOf<C>> {
  const key = useRef<string>(undefined)
  const queries = useQueryClient()
  const { message } = useToasts()
  return useMutation({
    mutationFn: async (request: RequestOf<C>) => {
      key.current ??= randomId()
      const options = { ...request, headers: { 'Idempotency-Key': key.current } }
      const { data } = await call(options as never)
      return data?.data as AnswerOf<C>
    },
    onSuccess: () => {
      key.current = undefined
      if (done) void message.success(done)
      void queries.invalidateQueries()
    },
  })
}

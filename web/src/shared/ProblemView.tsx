import { Alert, Button, Flex } from 'antd'
import i18next from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { CopyText } from './CopyText'
import { Problem } from './api/problem'
import type zh from './i18n/zh'

/** Codes whose message says by itself what is wrong; what could be added in general is noise. */
const selfExplaining = ['INVALID_PARAMS', 'UNAUTHORIZED', 'USERNAME_EXISTS']

type Code = keyof typeof zh.errors

/** What happened, in the server's words where it has some, and what to do about it. */
export function problemWords(error: unknown): { title: string; advice?: string } {
  const code = error instanceof Problem ? error.code : 'INTERNAL_ERROR'
  const isKnown = i18next.exists(`common:errors.${code}`)
  const advice = i18next.t(`common:errors.${isKnown ? (code as Code) : 'INTERNAL_ERROR'}`)
  const said = error instanceof Problem ? error.words : ''
  if (!said) return { title: advice }
  return selfExplaining.includes(code) ? { title: said } : { title: said, advice }
}

interface ProblemViewProps {
  error: unknown
  onRetry?: () => void
}

/** What to do about a failure, and the request id to give to support. */
function ProblemAdvice({ error }: { error: unknown }) {
  const { t } = useTranslation()
  const { advice } = problemWords(error)
  const requestId = error instanceof Problem ? error.requestId : undefined
  return (
    <Flex vertical gap={4}>
      {advice && <span>{advice}</span>}
      {requestId && (
        <span>
          {t('problem.requestId')} <CopyText text={requestId} />
        </span>
      )}
    </Flex>
  )
}

/** The same as a notice over the page; it stays until somebody closes it, who may want to copy from it. */
export function problemNotice(error: unknown): { title: string; description: ReactNode; duration: 0 } {
  return { title: problemWords(error).title, description: <ProblemAdvice error={error} />, duration: 0 }
}

/** A failure in words, with a way to try again. */
export function ProblemView({ error, onRetry }: ProblemViewProps) {
  const { t } = useTranslation()
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={problemWords(error).title}
      description={<ProblemAdvice error={error} />}
      action={
        onRetry && (
          <Button size="small" onClick={onRetry}>
            {t('retry')}
          </Button>
        )
      }
    />
  )
}

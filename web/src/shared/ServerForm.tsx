import { Form, type FormInstance } from 'antd'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Act } from './api/act'
import { Problem } from './api/problem'
import { ProblemView } from './ProblemView'

export interface ServerFormProps<Values, Request, Answer> {
  act: Act<Request, Answer>
  /** What the act sends for these values. */
  request: (values: Values) => Request
  initialValues?: Partial<Values>
  /** After the act; its answer is shown by whoever passes this. */
  onDone?: (answer: Answer) => void
  children: ReactNode
}

interface Parts<Values> {
  form: FormInstance<Values>
  /** What no field of the form can show. */
  error: unknown
  submit: (values: Values) => void
}

/** Puts what the server says about fields under these fields; the rest stands above the form. */
export function useServerForm<Values, Request, Answer>(
  props: Pick<ServerFormProps<Values, Request, Answer>, 'act' | 'request' | 'onDone'>,
): Parts<Values> {
  const [form] = Form.useForm<Values>()
  const [error, setError] = useState<unknown>()
  useLanguageOfErrors(form)
  const submit = (values: Values) => {
    setError(undefined)
    props.act.mutate(props.request(values), {
      onSuccess: (answer) => props.onDone?.(answer),
      onError: (failure) => {
        setError(showInFields(form, failure) ? undefined : failure)
      },
    })
  }
  return { form, error, submit }
}

/** What is said at fields is said anew in another language; what the server said there is said again when it is asked. */
function useLanguageOfErrors<Values>(form: FormInstance<Values>) {
  const { language } = useTranslation().i18n
  useEffect(() => {
    const wrong = form.getFieldsError().filter(({ errors }) => errors.length > 0)
    // What is still wrong stands at its field again; the rejection says no more.
    if (wrong.length > 0) form.validateFields(wrong.map(({ name }) => name)).catch(() => undefined)
  }, [form, language])
}

/** Whether every part of the failure could be shown at a field. */
function showInFields<Values>(form: FormInstance<Values>, failure: unknown): boolean {
  const fields = failure instanceof Problem ? failure.fields : []
  const known = Object.keys(form.getFieldsValue() as object)
  const placed = fields.filter(({ field }) => known.includes(field))
  form.setFields(placed.map(({ field, message }) => ({ name: field as never, errors: [message] })))
  if (placed[0]) form.focusField(placed[0].field as never)
  return placed.length > 0 && placed.length === fields.length
}

/** The form element itself, for the shells around it. */
export function ServerForm<Values>({
  id,
  parts,
  initialValues,
  children,
}: {
  id: string
  parts: Parts<Values>
  initialValues?: Partial<Values>
  children: ReactNode
}) {
  return (
    <Form<Values>
      id={id}
      form={parts.form}
      layout="vertical"
      requiredMark={false}
      scrollToFirstError={{ focus: true }}
      initialValues={initialValues as never}
      onFinish={parts.submit}
    >
      {parts.error !== undefined && (
        <div style={{ marginBlockEnd: 16 }}>
          <ProblemView error={parts.error} />
        </div>
      )}
      {children}
    </Form>
  )
}

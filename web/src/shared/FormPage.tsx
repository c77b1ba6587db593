import { Button } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Panel } from './Panel'
import { ServerForm, useServerForm, type ServerFormProps } from './ServerForm'

interface FormPageProps<Values, Request, Answer> extends ServerFormProps<Values, Request, Answer> {
  submitLabel?: string
  /** Whether the form empties after the act. */
  resets?: boolean
  /** False inside a panel that is there already. */
  isFramed?: boolean
}

/** A form that is (a part of) a page. */
export function FormPage<Values extends object, Request, Answer>(
  props: FormPageProps<Values, Request, Answer>,
) {
  const { t } = useTranslation()
  const id = useId()
  const parts = useServerForm<Values, Request, Answer>({
    ...props,
    onDone: (answer) => {
      if (props.resets) parts.form.resetFields()
      props.onDone?.(answer)
    },
  })
  const form = (
    <ServerForm<Values> id={id} parts={parts} initialValues={props.initialValues}>
      {props.children}
      <Button type="primary" htmlType="submit" loading={props.act.isPending}>
        {props.submitLabel ?? t('save')}
      </Button>
    </ServerForm>
  )
  if (props.isFramed === false) return form
  return <Panel style={{ maxWidth: 560, width: '100%' }}>{form}</Panel>
}

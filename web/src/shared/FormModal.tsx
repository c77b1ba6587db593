import { Modal } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useReturnFocus } from './return-focus'
import { ServerForm, useServerForm, type ServerFormProps } from './ServerForm'

interface FormModalProps<Values, Request, Answer> extends ServerFormProps<Values, Request, Answer> {
  title: string
  submitLabel?: string
  isDangerous?: boolean
  /** In pixels. */
  width?: number
  onClose: () => void
}

/**
 * A short form over the page. Render it while it is open and not otherwise, so that it begins empty each time:
 * `{isOpen && <FormModal … />}`.
 */
export function FormModal<Values extends object, Request, Answer>(
  props: FormModalProps<Values, Request, Answer>,
) {
  const { t } = useTranslation()
  useReturnFocus()
  const id = useId()
  const { onClose, onDone } = props
  const parts = useServerForm<Values, Request, Answer>({
    ...props,
    onDone: (answer) => {
      onClose()
      onDone?.(answer)
    },
  })
  return (
    <Modal
      open
      width={props.width}
      title={props.title}
      okText={props.submitLabel ?? t('save')}
      cancelText={t('cancel')}
      okButtonProps={{
        htmlType: 'submit',
        form: id,
        danger: props.isDangerous,
        loading: props.act.isPending,
      }}
      onCancel={onClose}
      mask={{ closable: false }}
      styles={{ body: { paddingBlock: '8px 12px' } }}
    >
      <ServerForm<Values> id={id} parts={parts} initialValues={props.initialValues}>
        {props.children}
      </ServerForm>
    </Modal>
  )
}

import { Form, Input, Modal } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { QuestionProps } from './ConfirmAction'
import { useRules } from './rules'
import { ServerForm, useServerForm } from './ServerForm'

/** What a {@link ConfirmAction} asks before it acts. */
export default function ConfirmQuestion(props: QuestionProps) {
  const { t } = useTranslation()
  const rules = useRules()
  const id = useId()
  const { reason, onClose, onDone } = props
  const parts = useServerForm<{ reason: string }, unknown, unknown>({
    ...props,
    onDone: (answer) => {
      onClose()
      onDone?.(answer)
    },
  })
  return (
    <Modal
      open
      width={460}
      title={props.label}
      okText={props.label}
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
      <ServerForm id={id} parts={parts}>
        <div style={{ marginBlockEnd: 16 }}>{props.hint}</div>
        {reason && (
          <Form.Item
            name="reason"
            label={reason.min > 0 ? t('reason') : `${t('reason')} (${t('optional')})`}
            rules={rules.length(t('reason'), reason.min, reason.max)}
          >
            <Input.TextArea
              autoSize={{ minRows: 2, maxRows: 6 }}
              maxLength={reason.max}
              showCount
              autoFocus
            />
          </Form.Item>
        )}
      </ServerForm>
    </Modal>
  )
}

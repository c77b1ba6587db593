import { Link } from '@tanstack/react-router'
import { Alert, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { deactivateOperator } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import { formatMoney, toFen } from '@/shared/money'
import { useRules } from '@/shared/rules'
import { session } from '@/shared/session/session'

interface Values {
  password: string
  reason?: string
  forfeit?: string
}

/** Closes the account for good. What would be lost has to be given up in words, not by one click too many. */
export default function CloseAccount({ balance, onClose }: { balance: string; onClose: () => void }) {
  const { t } = useTranslation(['operator', 'common'])
  const rules = useRules()
  const deactivate = useAct(deactivateOperator, { done: t('close.done') })
  const isLosing = toFen(balance) > 0n
  const phrase = t('close.phrase')
  const isWritten = (text?: string) => text?.trim().toLowerCase() === phrase.toLowerCase()
  return (
    <FormModal
      title={t('close.title')}
      submitLabel={t('close.submit')}
      isDangerous
      act={deactivate}
      request={({ password, reason, forfeit }: Values) => ({
        body: { password, reason: reason?.trim() || null, forfeit_balance: isLosing && isWritten(forfeit) },
      })}
      onClose={onClose}
      onDone={() => {
        session.end()
      }}
    >
      <Alert
        type="error"
        showIcon
        title={t('close.what')}
        description={
          isLosing ? (
            <>
              {t('close.losing', { amount: formatMoney(balance) })}{' '}
              <Link to="/operator/refunds" style={{ textDecoration: 'underline' }}>
                {t('close.refundFirst')}
              </Link>
            </>
          ) : undefined
        }
        style={{ marginBlockEnd: 16 }}
      />
      {isLosing && (
        <Form.Item
          name="forfeit"
          label={t('close.forfeit', { phrase, amount: formatMoney(balance) })}
          rules={[
            {
              validator: (_, text?: string) =>
                isWritten(text)
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('close.forfeitWrong', { phrase }))),
            },
          ]}
        >
          <Input autoComplete="off" placeholder={phrase} />
        </Form.Item>
      )}
      <Form.Item
        name="reason"
        label={`${t('close.reason')} (${t('common:optional')})`}
        rules={rules.length(t('close.reason'), 0, 200)}
      >
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 4 }} maxLength={200} showCount />
      </Form.Item>
      <Form.Item name="password" label={t('apiKey.password')} rules={[rules.required(t('apiKey.password'))]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
    </FormModal>
  )
}

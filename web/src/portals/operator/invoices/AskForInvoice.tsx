import { Form, Input } from 'antd'
import type { Rule } from 'antd/es/form'
import { useTranslation } from 'react-i18next'
import { requestInvoice, type RequestInvoice } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import { formatMoney, toFen } from '@/shared/money'
import { MoneyInput } from '@/shared/MoneyInput'
import { useRules } from '@/shared/rules'

/** Letters are meant in upper case, however they are typed. */
const toTaxId = (text: string) => text.replaceAll(/\s/g, '').toUpperCase()

interface AskForInvoiceProps {
  available: string
  /** Of the account, unless another one is wanted. */
  email: string
  onClose: () => void
}

export default function AskForInvoice({ available, email, onClose }: AskForInvoiceProps) {
  const { t } = useTranslation(['operator', 'common'])
  const rules = useRules()
  const ask = useAct(requestInvoice, { done: t('invoices.asked') })
  const most = formatMoney(available)
  const withinAvailable: Rule = {
    validator: (_, value?: string | null) => {
      if (!value) return Promise.reject(new Error(t('common:form.amount')))
      const fen = toFen(value)
      if (fen > 0n && fen <= toFen(available)) return Promise.resolve()
      return Promise.reject(new Error(t('invoices.amountRange', { most })))
    },
  }
  return (
    <FormModal
      title={t('invoices.ask')}
      submitLabel={t('invoices.submit')}
      act={ask}
      request={(values: RequestInvoice) => ({
        body: { ...values, email: values.email?.trim() || null },
      })}
      initialValues={{ amount: available, email }}
      onClose={onClose}
    >
      <Form.Item
        name="amount"
        label={t('invoices.amount')}
        extra={t('invoices.amountHint', { most })}
        rules={[withinAvailable]}
      >
        <MoneyInput min="0" autoFocus />
      </Form.Item>
      <Form.Item
        name="invoice_title"
        label={t('invoices.invoiceTitle')}
        extra={t('invoices.titleHint')}
        rules={rules.length(t('invoices.invoiceTitle'), 2, 100)}
      >
        <Input maxLength={100} autoComplete="organization" />
      </Form.Item>
      <Form.Item
        name="tax_id"
        label={t('invoices.taxId')}
        extra={t('invoices.taxIdHint')}
        normalize={toTaxId}
        rules={[
          rules.required(t('invoices.taxId')),
          { pattern: /^[A-Z0-9]{15,20}$/, message: t('invoices.taxIdWrong') },
        ]}
      >
        <Input maxLength={20} showCount autoComplete="off" className="code" />
      </Form.Item>
      <Form.Item
        name="email"
        label={`${t('invoices.email')} (${t('common:optional')})`}
        rules={[rules.email]}
      >
        <Input autoComplete="email" />
      </Form.Item>
    </FormModal>
  )
}

import { Form } from 'antd'
import { useTranslation } from 'react-i18next'
import { toFen } from '@/shared/money'
import { MoneyInput } from '@/shared/MoneyInput'

/** A price per player, above zero and other than the one before. */
export function PriceField({ label, before }: { label: string; before?: string | null }) {
  const { t } = useTranslation(['admin', 'common'])
  return (
    <Form.Item
      name="unit_price"
      label={label}
      rules={[
        { required: true, message: t('common:form.required', { label }) },
        {
          validator: (_, value?: string | null) => {
            if (!value) return Promise.resolve()
            if (toFen(value) === 0n) return Promise.reject(new Error(t('price.positive')))
            if (before && toFen(value) === toFen(before)) return Promise.reject(new Error(t('price.same')))
            return Promise.resolve()
          },
        },
      ]}
    >
      <MoneyInput min="0" max="99999999.99" autoFocus={before !== undefined} />
    </Form.Item>
  )
}

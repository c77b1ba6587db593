import { Button, Flex, theme } from 'antd'
import { useTranslation } from 'react-i18next'
import { formatMoney } from '@/shared/money'
import { MoneyInput } from '@/shared/MoneyInput'

interface AmountInputProps {
  /** Amounts to choose from. */
  usual: string[]
  /** The form passes these. */
  id?: string
  value?: string | null
  onChange?: (value: string | null) => void
}

/** An amount that is typed, or one of those that people mostly take. */
export function AmountInput({ usual, id, value, onChange }: AmountInputProps) {
  const { t } = useTranslation(['operator', 'common'])
  const { token } = theme.useToken()
  const chosen = { borderColor: token.colorLink, color: token.colorLink }
  return (
    <Flex vertical gap={8}>
      <Flex gap={8} wrap role="group" aria-label={t('topUp.quick')}>
        {usual.map((amount) => (
          <Button
            key={amount}
            aria-pressed={value === amount}
            style={value === amount ? chosen : undefined}
            onClick={() => {
              onChange?.(amount)
            }}
          >
            {formatMoney(amount).replace('.00', '')}
          </Button>
        ))}
      </Flex>
      <MoneyInput id={id} value={value} onChange={onChange} size="large" />
    </Flex>
  )
}

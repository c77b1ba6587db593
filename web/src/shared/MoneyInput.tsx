import { InputNumber, type InputNumberProps } from 'antd'

/** An amount as a form field; its value is a string as the API takes it. */
export function MoneyInput(props: Omit<InputNumberProps<string>, 'stringMode' | 'precision' | 'prefix'>) {
  return (
    <InputNumber<string>
      {...props}
      stringMode
      precision={2}
      prefix="¥"
      controls={false}
      inputMode="decimal"
      style={{ width: '100%', ...props.style }}
    />
  )
}

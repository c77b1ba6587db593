import { formatMoney } from './money'

/** An amount of the API for people. Absent where the person may not see money. */
export function Money({ amount, strong }: { amount: string | null | undefined; strong?: boolean }) {
  if (amount === null || amount === undefined) return <span>—</span>
  const text = formatMoney(amount)
  return <span className="figures">{strong ? <strong>{text}</strong> : text}</span>
}

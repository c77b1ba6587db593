import { theme } from 'antd'
import { useEffect, useRef } from 'react'
import { Money } from '@/shared/Money'

/** An amount that lights up when it changes under one's eyes; screen readers are told the new one. */
export function LiveMoney({ amount }: { amount: string }) {
  const { token } = theme.useToken()
  const place = useRef<HTMLSpanElement>(null)
  const before = useRef(amount)
  const { colorSuccessBg, colorSuccess } = token
  useEffect(() => {
    if (before.current === amount) return
    before.current = amount
    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return
    place.current?.animate(
      [{ background: colorSuccessBg, boxShadow: `0 0 0 4px ${colorSuccessBg}`, color: colorSuccess }, {}],
      { duration: 2_000, easing: 'ease-out' },
    )
  }, [amount, colorSuccess, colorSuccessBg])
  return (
    <span ref={place} aria-live="polite" style={{ borderRadius: token.borderRadius }}>
      <Money amount={amount} strong />
    </span>
  )
}

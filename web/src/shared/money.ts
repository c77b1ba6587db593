/**
 * Amounts travel as strings in yuan with two decimals and stay strings or whole fen here: a float would show amounts
 * that nobody has paid.
 */

const amount = /^(-?)(\d+)(?:\.(\d{1,2}))?$/

/** The amount in fen; throws for what is no amount, because showing a wrong one is worse. */
export function toFen(text: string): bigint {
  const parts = amount.exec(text)
  if (!parts) throw new Error(`not an amount: ${text}`)
  const [, sign, yuan = '0', decimals = ''] = parts
  const fen = BigInt(yuan) * 100n + BigInt(decimals.padEnd(2, '0'))
  return sign === '-' ? -fen : fen
}

/** The amount as it travels: `"1234.50"`. */
export function fromFen(fen: bigint): string {
  const digits = (fen < 0n ? -fen : fen).toString().padStart(3, '0')
  return `${fen < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** The amount for people: `¥1,234.50`, and `-¥5.00` below nothing. */
export function formatMoney(text: string): string {
  const plain = fromFen(toFen(text))
  const sign = plain.startsWith('-') ? '-' : ''
  const [yuan = '0', decimals = '00'] = plain.slice(sign.length).split('.')
  return `${sign}¥${yuan.replace(/\B(?=(\d{3})+$)/g, ',')}.${decimals}`
}

/** Where a chart draws the amount. For drawing only: what is read beside the mark is {@link formatMoney}. */
export function positionOf(text: string): number {
  return Number(toFen(text)) / 100
}

/** Names and ids that lead to the page about what they name. */
import { Link } from '@tanstack/react-router'
import { CopyText } from '@/shared/CopyText'

export function CustomerLink({ id, name }: { id: string; name: string }) {
  return (
    <Link to="/finance/customers/$id" params={{ id }}>
      {name}
    </Link>
  )
}

export function RefundLink({ id, children }: { id: string; children: string }) {
  return (
    <Link to="/finance/refunds/$id" params={{ id }}>
      {children}
    </Link>
  )
}

export function OrderLink({ id, children }: { id: string; children: string }) {
  return (
    <Link to="/finance/recharges/$id" params={{ id }}>
      {children}
    </Link>
  )
}

/** An id of an order, to copy and to open. */
export function OrderId({ id, linkText }: { id: string | null | undefined; linkText: string }) {
  if (!id) return <span>—</span>
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      <OrderLink id={id}>{linkText}</OrderLink> <CopyText text={id} short />
    </span>
  )
}

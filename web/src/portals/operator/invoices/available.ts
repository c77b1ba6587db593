/** How much may be invoiced. The API tells it only when it refuses, so it is computed from what it is made of. */
import { useQuery } from '@tanstack/react-query'
import { listInvoices, type InvoiceItem } from '@/api/generated'
import { getBalanceOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { fromFen, toFen } from '@/shared/money'

type Paid = Record<'total_recharged' | 'total_refunded', string>

/** Top-ups less refunds less the invoices that are asked for or issued; never less than nothing. */
export function availableOf(
  { total_recharged, total_refunded }: Paid,
  invoices: Pick<InvoiceItem, 'amount' | 'status'>[],
): string {
  const invoiced = invoices
    .filter(({ status }) => status !== 'rejected')
    .reduce((sum, { amount }) => sum + toFen(amount), 0n)
  const rest = toFen(total_recharged) - toFen(total_refunded) - invoiced
  return fromFen(rest > 0n ? rest : 0n)
}

async function readAll(): Promise<InvoiceItem[]> {
  const all: InvoiceItem[] = []
  for (let page = 1; ; page += 1) {
    const { items, total } = (await listInvoices({ query: { page, page_size: 100 } })).data
    all.push(...items)
    if (items.length === 0 || all.length >= total) return all
  }
}

/** Undefined until it is known. The key is one of the list's, so that news about invoices is news about this. */
export function useAvailable(): string | undefined {
  const balance = useQuery({ ...getBalanceOptions(), select: unwrap })
  const invoices = useQuery({ queryKey: [{ _id: 'listInvoices', all: true }], queryFn: readAll })
  if (!balance.data || !invoices.data) return undefined
  return availableOf(balance.data, invoices.data)
}

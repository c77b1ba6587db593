/** Money that comes in and goes out, with the sandbox in the place of the providers. */
import { expect } from '@playwright/test'
import type { Server } from './server'
import type { Venue } from './venue'

interface Order {
  order_id: string
  payment_url: string
  status: string
}

/** Orders a top-up, which nobody pays yet. */
export async function order(server: Server, venue: Venue, amount: string): Promise<Order> {
  const { token } = await server.api.signIn(venue.account)
  return server.api.post<Order>('/v1/operators/me/recharge', { amount, payment_method: 'wechat' }, token)
}

/** Tops up and waits until the balance has the money. */
export async function topUp(server: Server, venue: Venue, amount: string): Promise<void> {
  const { order_id: id, payment_url: url } = await order(server, venue, amount)
  const headers = { 'Content-Type': 'application/json' }
  const paid = await fetch(`${url}/pay`, { method: 'POST', headers, body: JSON.stringify({ result: 'success' }) })
  expect(paid.ok).toBe(true)
  await untilStatus(server, venue, id, 'success')
}

/** An order about which the provider has not answered. */
export async function abnormalOrder(server: Server, venue: Venue, amount: string): Promise<string> {
  const { token } = await server.api.signIn('admin')
  const change = (after: number, failures: number) =>
    server.api.put(
      '/v1/admin/settings',
      { payment_query_after_seconds: after, payment_query_max_failures: failures },
      token,
    )
  await change(5, 1)
  const { order_id: id } = await order(server, venue, amount)
  await server.api.post('/sandbox/faults', { channel: 'wechat', fault: 'down' })
  try {
    await untilStatus(server, venue, id, 'abnormal')
  } finally {
    await server.api.post('/sandbox/faults', { channel: 'wechat', fault: 'none' })
    await change(300, 3)
  }
  return id
}

async function untilStatus(server: Server, venue: Venue, id: string, status: string): Promise<void> {
  const { token } = await server.api.signIn(venue.account)
  const read = async () => (await server.api.get<Order>(`/v1/operators/me/recharges/${id}`, token)).status
  await expect.poll(read, { timeout: 30_000 }).toBe(status)
}

export async function balanceOf(server: Server, venue: Venue): Promise<string> {
  const { token } = await server.api.signIn(venue.account)
  return (await server.api.get<{ balance: string }>('/v1/operators/me/balance', token)).balance
}

export async function requestRefund(server: Server, venue: Venue): Promise<string> {
  const { token } = await server.api.signIn(venue.account)
  const reason = '门店即将搬迁，申请退还余额。'
  return (await server.api.post<{ refund_id: string }>('/v1/operators/me/refunds', { reason }, token)).refund_id
}

export async function requestInvoice(server: Server, venue: Venue, amount: string): Promise<void> {
  const { token } = await server.api.signIn(venue.account)
  const body = { amount, invoice_title: '幻境互动娱乐有限公司', tax_id: '91310115MA1K4XYZ5P' }
  await server.api.post('/v1/operators/me/invoices', body, token)
}

/** Holds the bill of yesterday against our books; of a new server both are empty. */
export async function reconcileYesterday(server: Server): Promise<void> {
  const { token } = await server.api.signIn('finance')
  const date = new Date(Date.now() - 24 * 3_600_000 + 8 * 3_600_000).toISOString().slice(0, 10)
  await server.api.post('/v1/finance/reconciliation/run', { date, payment_method: 'wechat' }, token)
}

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { Form, Input } from 'antd'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { useAct } from './api/act'
import { Problem } from './api/problem'
import { FormPage } from './FormPage'
import { startLanguages } from './i18n/language'
import { ToastProvider } from './toasts'

interface Request {
  body: { name: string }
}
const call =
  vi.fn<(options: Request & { headers?: Record<string, string> }) => Promise<{ data: { data: object } }>>()

function Example() {
  const act = useAct(call)
  return (
    <FormPage act={act} request={(body: { name: string }) => ({ body })}>
      <Form.Item name="name" label="名称">
        <Input />
      </Form.Item>
    </FormPage>
  )
}

function submit(name: string) {
  fireEvent.change(screen.getByLabelText('名称'), { target: { value: name } })
  fireEvent.submit(screen.getByLabelText('名称'))
}

const keyOf = (index: number) => call.mock.calls[index]?.[0].headers?.['Idempotency-Key']

beforeAll(async () => {
  await startLanguages()
  vi.stubGlobal('matchMedia', () => ({ matches: false, addListener: vi.fn(), removeListener: vi.fn() }))
})

describe('a form of the server', () => {
  it('shows each refusal where it belongs and acts once', async () => {
    render(
      <QueryClientProvider client={new QueryClient()}>
        <ToastProvider>
          <Example />
        </ToastProvider>
      </QueryClientProvider>,
    )
    const fields = [{ field: 'name', message: '名称已被使用' }]
    call.mockRejectedValueOnce(new Problem('INVALID_PARAMS', 400, '请求参数有误', { fields }))
    submit('甲')
    expect(await screen.findByText('名称已被使用')).toBeTruthy()
    expect(screen.queryByText('请求参数有误')).toBeNull()

    call.mockRejectedValueOnce(new Problem('SERVICE_UNAVAILABLE', 503, '系统维护中', {}, 'request-1'))
    submit('乙')
    expect(await screen.findByText('系统维护中')).toBeTruthy()
    expect(screen.getByText('request-1')).toBeTruthy()

    call.mockResolvedValue({ data: { data: {} } })
    submit('乙')
    await waitFor(() => {
      expect(call).toHaveBeenCalledTimes(3)
    })
    await waitFor(() => {
      expect(screen.queryByText('系统维护中')).toBeNull()
    })
    // Trying again is the same act, what comes after it is another.
    expect(keyOf(0)).toMatch(/^[0-9a-f]{32}$/)
    expect([keyOf(1), keyOf(2)]).toEqual([keyOf(0), keyOf(0)])
    submit('丙')
    await waitFor(() => {
      expect(call).toHaveBeenCalledTimes(4)
    })
    expect(keyOf(3)).not.toBe(keyOf(0))
  })
})

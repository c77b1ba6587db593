import { afterEach, describe, expect, it, vi } from 'vitest'
import { fileNameOf, fileUrl, progressOf, receiveFile } from './download'

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a file', () => {
  it('has the name that the server gives it', () => {
    expect(fileNameOf('attachment; filename="usage.csv"; filename*=UTF-8\'\'%E4%BD%BF%E7%94%A8.csv')).toBe(
      '使用.csv',
    )
    expect(fileNameOf('attachment; filename="usage.csv"')).toBe('usage.csv')
    expect(fileNameOf(null)).toBeUndefined()
  })

  it('is as far as its length or its rows say', () => {
    expect(progressOf(new Headers({ 'content-length': '200' }), 50, 3)).toEqual({ bytes: 50, percent: 25 })
    const rows = new Headers({ 'content-type': 'text/csv; charset=utf-8', 'x-total-rows': '1000' })
    expect(progressOf(rows, 50, 251)).toEqual({ bytes: 50, percent: 25, rows: { done: 250, total: 1000 } })
    expect(progressOf(new Headers(), 50, 3)).toEqual({ bytes: 50 })
  })

  it('has an address without empty parameters', () => {
    expect(fileUrl('/v1/x', { format: 'csv', site_id: undefined, app_id: ['a', 'b'] })).toBe(
      '/v1/x?format=csv&app_id=a&app_id=b',
    )
    expect(fileUrl('/v1/x')).toBe('/v1/x')
  })

  it('that is refused is a problem with the words of the server', async () => {
    const body = JSON.stringify({ error_code: 'REPORT_NOT_READY', message: '报表尚未生成', request_id: 'r1' })
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(body, { status: 404 })))
    await expect(receiveFile('/v1/x', new AbortController().signal, () => undefined)).rejects.toMatchObject({
      code: 'REPORT_NOT_READY',
      requestId: 'r1',
    })
  })

  it('that breaks off is no file', async () => {
    const stream = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new Uint8Array([1]))
      },
      pull: (controller) => {
        controller.error(new TypeError('network'))
      },
    })
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(stream)))
    await expect(receiveFile('/v1/x', new AbortController().signal, () => undefined)).rejects.toMatchObject({
      code: 'NO_ANSWER',
    })
  })
})

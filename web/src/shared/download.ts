/** Receives a file of the API with the person's token, telling how far it is. */
import { currentLanguage, httpLanguage } from './i18n/language'
import { Problem, toProblem } from './api/problem'
import { session } from './session/session'

export interface Progress {
  bytes: number
  /** Known when the server says how long the file is, or how many rows a CSV will have. */
  percent?: number
  rows?: { done: number; total: number }
}

export interface ReceivedFile {
  blob: Blob
  name: string
}

/** The name that the server gives the file: the one for all languages wins over the plain one. */
export function fileNameOf(disposition: string | null): string | undefined {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1]
  if (encoded) return decodeURIComponent(encoded)
  return /filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1]
}

/** How far a file is; rows of a CSV end in line feeds, the first is the header. */
export function progressOf(headers: Headers, bytes: number, lines: number): Progress {
  const length = Number(headers.get('content-length') ?? 0)
  const total = Number(headers.get('x-total-rows') ?? 0)
  const share = (done: number, all: number) => Math.min(100, Math.floor((done / all) * 100))
  if (total > 0 && (headers.get('content-type') ?? '').startsWith('text/csv')) {
    const done = Math.min(total, Math.max(0, lines - 1))
    return { bytes, rows: { done, total }, percent: share(done, total) }
  }
  return length > 0 ? { bytes, percent: share(bytes, length) } : { bytes }
}

export async function receiveFile(
  url: string,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<ReceivedFile> {
  const token = session.get()?.token ?? ''
  const headers = { Authorization: `Bearer ${token}`, 'Accept-Language': httpLanguage(currentLanguage()) }
  const response = await fetch(url, { headers, signal }).catch((error: unknown) => {
    throw signal.aborted ? error : toProblem(error)
  })
  if (!response.ok || !response.body) {
    if (response.status === 401) session.expire(token)
    throw toProblem(await response.json().catch(() => undefined), response)
  }
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  let lines = 0
  const reader = response.body.getReader()
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      // A file that breaks off in the middle must not be taken for a whole one.
      throw signal.aborted ? error : new Problem('NO_ANSWER', 0, '')
    })
    if (done) break
    chunks.push(value)
    bytes += value.length
    for (const byte of value) if (byte === 10) lines += 1
    onProgress(progressOf(response.headers, bytes, lines))
  }
  const type = response.headers.get('content-type') ?? 'application/octet-stream'
  return {
    blob: new Blob(chunks, { type }),
    name: fileNameOf(response.headers.get('content-disposition')) ?? 'download',
  }
}

/** Hands the file to the browser as a download. */
export function saveFile(file: ReceivedFile): void {
  const url = URL.createObjectURL(file.blob)
  const link = document.createElement('a')
  link.href = url
  link.download = file.name
  link.click()
  setTimeout(() => {
    URL.revokeObjectURL(url)
  }, 60_000)
}

/** The address of a file with parameters; empty ones are left out. */
export function fileUrl(
  path: string,
  parameters: Record<string, string | string[] | undefined> = {},
): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    for (const part of [value ?? []].flat()) query.append(name, part)
  }
  const text = query.toString()
  return text ? `${path}?${text}` : path
}

/** What goes wrong in a browser without anybody seeing it: errors in the console, exceptions, requests that fail. */
import { type BrowserContext, expect, type Request } from '@playwright/test'

export class BrowserErrors {
  private readonly seen: string[] = []
  private readonly expected: RegExp[] = []

  watch(context: BrowserContext): void {
    context.on('console', (message) => {
      if (message.type() === 'error') this.seen.push(`console: ${message.text()} (${message.location().url})`)
    })
    context.on('weberror', (error) => this.seen.push(`exception: ${error.error().stack ?? error.error().message}`))
    context.on('requestfailed', (request) => {
      const failure = failureOf(request)
      if (failure !== undefined) this.seen.push(`request: ${request.method()} ${request.url()} ${failure}`)
    })
    context.on('response', (response) => {
      if (response.status() < 500) return
      this.seen.push(`answer: ${response.request().method()} ${response.url()} ${String(response.status())}`)
    })
  }

  /** Says that errors like this belong to the test. */
  expect(pattern: RegExp): void {
    this.expected.push(pattern)
  }

  /** Takes the errors so far, without the expected ones. */
  take(): string[] {
    const taken = this.seen.splice(0)
    return taken.filter((error) => !this.expected.some((pattern) => pattern.test(error)))
  }

  expectNone(): void {
    expect(this.take(), 'errors in the browser').toEqual([])
  }
}

/** Leaving a page ends what it still waits for: that is no failure. */
function failureOf(request: Request): string | undefined {
  const text = request.failure()?.errorText
  return text === 'net::ERR_ABORTED' ? undefined : text
}

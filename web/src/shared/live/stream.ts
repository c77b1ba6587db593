/** Reads server-sent events with `fetch`, because `EventSource` cannot send a token. */

export interface ServerEvent {
  type: string
  data: unknown
}

/** Splits the stream into events as they arrive; comments keep the connection alive and mean nothing. */
export function eventParser(onEvent: (event: ServerEvent) => void): (text: string) => void {
  let buffer = ''
  return (text) => {
    buffer += text
    const blocks = buffer.split(/\r?\n\r?\n/)
    buffer = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = parseBlock(block)
      if (event) onEvent(event)
    }
  }
}

function parseBlock(block: string): ServerEvent | undefined {
  let type = ''
  let data = ''
  for (const line of block.split(/\r?\n/)) {
    const [, field, value] = /^(\w+):\s?(.*)$/.exec(line) ?? []
    if (field === 'event') type = value ?? ''
    if (field === 'data') data += value ?? ''
  }
  return type ? { type, data: data ? JSON.parse(data) : undefined } : undefined
}

/** How long to wait before connecting again: longer after each failure, never the same for all tabs. */
export function backoff(failures: number, random = Math.random()): number {
  return Math.min(30_000, 1_000 * 2 ** Math.min(failures, 5)) * (0.5 + random / 2)
}

import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { authorizeCommand, checkCommand, simulateCommand } from './commands'

const game = {
  url: 'http://127.0.0.1:8000',
  operatorId: 'op_1',
  siteId: 'site_1',
  appId: 'app_1',
  players: 3,
}

/** Runs the command with a `curl` that says what it was given. */
function run(command: string): string {
  return execFileSync('bash', ['-c', `curl() { printf '%s\\n' "$@"; }\n${command}`], { encoding: 'utf8' })
}

describe('the commands of the set-up guide', () => {
  it('sign what they send', () => {
    const said = run(authorizeCommand(game, 'secret'))
    const now = /X-Timestamp: (\d+)/.exec(said)?.[1] ?? ''
    const body = '{"app_id":"app_1","site_id":"site_1","player_count":3}'
    const message = `${now}\nPOST\n/v1/auth/game/authorize\n${body}`
    expect(said).toContain(`X-Signature: ${createHmac('sha256', 'secret').update(message).digest('base64')}`)
    expect(said).toContain(body)
    expect(said).toMatch(new RegExp(`X-Session-ID: op_1_${now}000_[0-9a-f]{16}\n`))
  })

  it('check without a session', () => {
    const said = run(checkCommand(game, 'secret'))
    expect(said).toContain('http://127.0.0.1:8000/v1/auth/game/pre-authorize')
    expect(said).not.toContain('X-Session-ID')
  })

  it('take whatever is pasted as the key for nothing but a key', () => {
    const said = run(checkCommand(game, `a'; echo broken; '$(echo b)`))
    expect(said).toContain(`X-Api-Key: a'; echo broken; '$(echo b)\n`)
    expect(simulateCommand(game, `a'b`)).toContain(String.raw`--api-key 'a'\''b'`)
  })
})

/** The real server, on a port and a database of its own, with the demo data. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { Api } from './api'

const binary =
  process.env.COINSLOT ?? resolve(process.env.CARGO_TARGET_DIR ?? join('..', 'target'), 'debug', 'coinslot')

/** All tests come from one address, and some of them call faster than people do. */
const settings = {
  rate_limit_per_minute: 1_000_000,
  ip_rate_limit_per_minute: 1_000_000,
  web_rate_limit_per_minute: 1_000_000,
  login_attempts_per_minute: 1_000_000,
  anomaly_trusted_ips: '127.0.0.0/8, ::1',
  anomaly_ip_failures: 1_000_000,
}

export class Server {
  private constructor(
    readonly url: string,
    readonly api: Api,
    private readonly dataDir: string,
    private readonly child: ChildProcess,
  ) {}

  /** Starts it; `name` tells its log file, beside the results of the tests, from those of others. */
  static async start(name: string): Promise<Server> {
    const dataDir = mkdtempSync(join(tmpdir(), 'coinslot-e2e-'))
    mkdirSync('test-results', { recursive: true })
    const log = openSync(join('test-results', `${name}.log`), 'a')
    const args = ['serve', '--demo', '--listen', '127.0.0.1:0', '--data-dir', dataDir]
    const child = spawn(binary, args, { env: environment(), stdio: ['ignore', 'pipe', log] })
    // Whatever becomes of the tests, no server stays behind.
    process.once('exit', () => child.kill())
    const url = await listening(child, name)
    const server = new Server(url, new Api(url), dataDir, child)
    const admin = await server.api.signIn('admin')
    await server.api.put('/v1/admin/settings', settings, admin.token)
    return server
  }

  /** Gives the demo operators a past of so many days. */
  async addHistory(days: number): Promise<void> {
    const args = ['seed', '--history', String(days), '--data-dir', this.dataDir]
    await promisify(execFile)(binary, args, { env: environment() })
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.kill('SIGTERM')
    await ended
    rmSync(this.dataDir, { recursive: true })
  }
}

/** Ours without what would lead the server elsewhere, such as to the database of somebody's work. */
function environment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'PG_BINDIR', 'TMPDIR', 'LANG']
  return Object.fromEntries(kept.map((name) => [name, process.env[name]]))
}

/** The address that the server says it listens at. */
function listening(child: ChildProcess, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) throw new Error('The output of the server is not read')
    child.once('error', reject)
    child.once('exit', (code) => {
      reject(new Error(`The server ended with ${String(code)}; see test-results/${name}.log`))
    })
    createInterface(child.stdout).on('line', (line) => {
      const url = /^listening on (.*)$/.exec(line)?.[1]
      if (url !== undefined) resolve(url)
    })
  })
}

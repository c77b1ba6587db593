/** The ffmpeg of the system makes the videos, in the place of the one that Playwright would download. */
import { mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import type { BrowserContextOptions, TestInfo } from '@playwright/test'
import { findProgram } from './programs'

interface Browsers {
  browsers: { name: string; revision: string }[]
}

/** Links it to where Playwright looks for its own, and says whether there is one. */
function offerFfmpeg(): boolean {
  const ffmpeg = findProgram('ffmpeg')
  if (ffmpeg === undefined || process.platform !== 'linux') return false
  const playwright = dirname(createRequire(import.meta.url).resolve('playwright-core/package.json'))
  const { browsers } = JSON.parse(readFileSync(join(playwright, 'browsers.json'), 'utf8')) as Browsers
  const revision = browsers.find(({ name }) => name === 'ffmpeg')?.revision ?? ''
  const downloads = resolve(import.meta.dirname, '../../node_modules/.cache/playwright')
  const link = join(downloads, `ffmpeg-${revision}`, 'ffmpeg-linux')
  mkdirSync(dirname(link), { recursive: true })
  // All workers do this, maybe at once: a renamed link is never missing.
  symlinkSync(ffmpeg, `${link}.${String(process.pid)}`)
  renameSync(`${link}.${String(process.pid)}`, link)
  process.env.PLAYWRIGHT_BROWSERS_PATH = downloads
  return true
}

const canRecord = offerFfmpeg()
const size = { width: 1280, height: 720 }

/** A test that has failed is recorded when it runs again. */
export const video = canRecord ? ({ mode: 'on-first-retry', size } as const) : 'off'

/** The same for a context that a test makes itself. */
export function recordingOf(info: TestInfo): BrowserContextOptions {
  return canRecord && info.retry === 1 ? { recordVideo: { dir: info.outputPath('videos'), size } } : {}
}

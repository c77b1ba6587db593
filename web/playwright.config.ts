import { defineConfig } from '@playwright/test'
import { chromium } from './e2e/support/chromium'
import type { ServerOptions } from './e2e/support/test'
import { video } from './e2e/support/video'

export default defineConfig<object, ServerOptions>({
  testDir: 'e2e',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: true,
  // Where the app does not even start, waiting for everything else would take an hour.
  maxFailures: 10,
  // What fails runs once more, with a trace and a video: these cost too much for all that passes. It has failed even so.
  retries: 1,
  failOnFlakyTests: true,
  // Each worker has a server, a database and a browser of its own.
  workers: 2,
  reporter: [['list'], ['html', { open: 'never' }]],
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: 'chromium',
    launchOptions: chromium,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    // What still moves is not yet where it will be; `less-motion.spec.ts` sees what happens otherwise.
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
    trace: 'on-first-retry',
    video,
  },
  projects: [
    { name: 'tests', testMatch: '*.spec.ts' },
    { name: 'screenshots', testMatch: 'screenshots/*.ts', retries: 0, use: { history: 90 } },
  ],
})

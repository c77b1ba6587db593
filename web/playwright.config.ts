import { defineConfig } from '@playwright/test'
import { chromium } from './e2e/support/chromium'
import type { ServerOptions } from './e2e/support/test'

export default defineConfig<object, ServerOptions>({
  testDir: 'e2e',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: true,
  // Where the app does not even start, waiting for everything else would take an hour.
  maxFailures: 10,
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
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'tests', testMatch: '*.spec.ts' },
    { name: 'screenshots', testMatch: 'screenshots/*.ts', use: { history: 90, trace: 'off' } },
  ],
})

import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const server = process.env.COINSLOT_URL ?? 'http://127.0.0.1:8000'

const packages = (...names: string[]) => new RegExp(`node_modules/(${names.join('|')})/`)

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: {
    port: 5173,
    proxy: Object.fromEntries(
      ['/v1', '/sandbox', '/openapi.json', '/docs', '/health'].map((path) => [path, server]),
    ),
  },
  build: {
    // Everything below dist/assets carries a hash or, like the icon, never changes: it may be cached for ever.
    assetsDir: 'assets',
    manifest: true,
    sourcemap: false,
    modulePreload: { polyfill: false },
    // No file is inlined as a data URL: the content security policy allows scripts, styles and images of our own host.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        // Chunks that leave their dependencies to others need one another, and must still begin in the order of imports.
        strictExecutionOrder: true,
        codeSplitting: {
          // What every page needs changes with upgrades only, so browsers keep it. The components are left to the
          // bundler: cut by hand, their files import each other in circles and fail when they are run.
          groups: [
            { name: 'react', test: packages('react', 'react-dom', 'scheduler'), priority: 30 },
            { name: 'echarts', test: packages('echarts', 'zrender'), priority: 10 },
          ],
        },
      },
    },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    // The first render of a component takes seconds on a busy machine.
    testTimeout: 30_000,
  },
})

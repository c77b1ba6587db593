import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const server = process.env.COINSLOT_URL ?? 'http://127.0.0.1:18100'

const packages = (...names: string[]) => new RegExp(`node_modules/(${names.join('|')})/`)
const components = (antd: string, rc: string) =>
  new RegExp(`node_modules/(antd/es/(${antd})|@rc-component/(${rc}))/(?!.*(?:locale|Context))`)

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
        codeSplitting: {
          // A few large files instead of a hundred small ones: fewer requests, and browsers keep what upgrades of the
          // libraries alone change. What the sign-in page needs, the shell adds, and tables add are apart.
          includeDependenciesRecursively: false,
          groups: [
            { name: 'react', test: packages('react', 'react-dom', 'scheduler'), priority: 60 },
            {
              name: 'vendor',
              test: packages('@tanstack', 'i18next', 'react-i18next', 'dayjs'),
              priority: 50,
            },
            {
              name: 'ui',
              test: components(
                '_util|alert|app|button|config-provider|empty|flex|form|grid|input|message|modal|notification|segmented|skeleton|space|style|theme|tooltip',
                'async-validator|dialog|form|input|motion|notification|portal|resize-observer|segmented|tooltip|trigger|util',
              ),
              priority: 40,
            },
            {
              name: 'ui-shell',
              test: components('badge|breadcrumb|dropdown|layout|menu|tag', 'dropdown|menu|overflow'),
              priority: 30,
            },
            {
              name: 'ui-filter',
              test: components('checkbox|popover|select', 'checkbox|select|virtual-list'),
              priority: 20,
            },
            {
              name: 'ui-table',
              test: components('pagination|radio|spin|table|tree', 'pagination|table|tree'),
              priority: 20,
            },
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

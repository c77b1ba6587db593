// Prints every page as JSON, for the crawl test: [{portal, path, needs, parameters}].
import { fileURLToPath, URL } from 'node:url'
import { runnerImport } from 'vite'

// A module that is run like this does not see vite.config.ts.
const alias = { '@': fileURLToPath(new URL('../src', import.meta.url)) }
const { module } = await runnerImport('./src/routes.tsx', { resolve: { alias } })
console.log(JSON.stringify(module.listPages(), null, 2))

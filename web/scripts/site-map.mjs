// Prints every page as JSON, for the crawl test: [{portal, path, needs, parameters}].
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const alias = { '@': fileURLToPath(new URL('../src', import.meta.url)) }
const { module } = await runnerImport('./src/routes.tsx', { resolve: { alias } })
console.log(JSON.stringify(module.listPages(), null, 2))

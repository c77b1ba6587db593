// Prints every page as JSON, for the crawl test: [{portal, path, needs, parameters}].
import { runnerImport } from 'vite'

const { module } = await runnerImport('./src/routes.tsx', { configFile: 'vite.config.ts' })
console.log(JSON.stringify(module.listPages(), null, 2))

// Fails when src/api/generated is not what openapi-ts makes of ../openapi.json; `npm run gen` mends it.
import { readdir, readFile, rm } from 'node:fs/promises'
import { createClient } from '@hey-api/openapi-ts'

const committed = 'src/api/generated'
const fresh = '.client-check/generated'

const config = (await import('vite').then(({ runnerImport }) => runnerImport('./openapi-ts.config.ts')))
    .module.default
await createClient({
    ...(await config),
    output: { path: fresh, clean: true },
    logs: { level: 'silent', file: false },
})

const read = async (folder) => {
    const files = await readdir(folder, { recursive: true, withFileTypes: true })
    const names = files.filter((file) => file.isFile()).map((file) => `${file.parentPath}/${file.name}`)
    const texts = names.map(async (name) => [name.slice(folder.length), await readFile(name, 'utf8')])
    return new Map(await Promise.all(texts))
}

const [before, after] = [await read(committed), await read(fresh)]
await rm('.client-check', { recursive: true })
const names = new Set([...before.keys(), ...after.keys()])
const stale = [...names].filter((name) => before.get(name) !== after.get(name))
if (stale.length > 0) {
    console.error(`The client is not that of openapi.json: ${stale.join(', ')}. Run npm run gen.`)
    process.exit(1)
}

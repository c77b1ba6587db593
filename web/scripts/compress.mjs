// Puts a .br and a .gz beside each file of dist that gets smaller by it: the server sends them as they are.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const compressible = new Set(['.css', '.html', '.js', '.json', '.svg', '.txt', '.webmanifest'])
/** Below this a packet holds either form. */
const smallest = 1024

const brotliOf = (content) =>
    promisify(brotliCompress)(content, {
        params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length, [constants.BROTLI_PARAM_QUALITY]: 11 },
    })
const gzipOf = (content) => promisify(gzip)(content, { level: 9 })

// Of dist itself and of its assets: what begins with a dot is not served.
const entries = await readdir('dist', { recursive: true, withFileTypes: true })
const files = entries
    .filter(
        (entry) =>
            entry.isFile() && compressible.has(extname(entry.name)) && !entry.parentPath.includes('/.'),
    )
    .map((entry) => join(entry.parentPath, entry.name))

await Promise.all(
    files.map(async (file) => {
        const content = await readFile(file)
        if (content.length < smallest) return
        const variants = { br: await brotliOf(content), gz: await gzipOf(content) }
        for (const [ending, compressed] of Object.entries(variants)) {
            if (compressed.length < content.length) await writeFile(`${file}.${ending}`, compressed)
        }
    }),
)

// Fails when the first visit to a page of any portal loads more JavaScript than the budget (docs: P12), or when a
// page loads the charts before it shows one.
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'

const budgets = { login: 330, portal: 420 }
const kib = (bytes) => Math.round(bytes / 102.4) / 10

const manifest = JSON.parse(await readFile('dist/.vite/manifest.json', 'utf8'))
const sizes = new Map()
const sizeOf = async (file) => {
    if (!sizes.has(file)) sizes.set(file, gzipSync(await readFile(`dist/${file}`)).length)
    return sizes.get(file)
}
const closure = (key, into = new Set()) => {
    if (into.has(key)) return into
    into.add(key)
    for (const next of manifest[key].imports ?? []) closure(next, into)
    return into
}
const total = async (keys) => {
    const files = [...new Set([...keys].map((key) => manifest[key].file))].filter((file) =>
        file.endsWith('.js'),
    )
    return (await Promise.all(files.map(sizeOf))).reduce((sum, size) => sum + size, 0)
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry)
const shell = Object.keys(manifest).find((key) => key.endsWith('shared/AppShell.tsx'))
const pages = Object.keys(manifest).filter((key) => /^src\/(portals|sign-in)\/.*Page\.tsx$/.test(key))
let failed = false
for (const page of pages) {
    const kind = page.startsWith('src/portals') ? 'portal' : 'login'
    const keys = closure(page, closure(entry))
    if (kind === 'portal') {
        closure(shell, keys)
        const locale = page.replace(/^(src\/portals\/[^/]+)\/.*/, '$1/locale/zh.ts')
        if (manifest[locale]) closure(locale, keys)
    }
    const charts = [...keys].some((key) => manifest[key].file.includes('echarts'))
    const size = kib(await total(keys))
    const bad = size > budgets[kind] || charts
    failed ||= bad
    console.log(
        `${bad ? 'FAIL' : 'ok  '} ${String(size).padStart(6)} KiB of ${budgets[kind]}  ${page}${charts ? ' loads echarts eagerly' : ''}`,
    )
}
if (failed) process.exit(1)

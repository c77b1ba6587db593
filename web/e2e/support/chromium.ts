/** The browser of the system: Playwright's own download is not needed. */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** `CHROMIUM` names another one. */
function findChromium(): string {
  const named = process.env.CHROMIUM
  const wanted = named === undefined || named === '' ? names : [named]
  const folders = (process.env.PATH ?? '').split(delimiter)
  const places = wanted.flatMap((name) => (name.includes('/') ? [name] : folders.map((folder) => join(folder, name))))
  const found = places.find(isExecutable)
  if (found === undefined) throw new Error(`None of ${wanted.join(', ')} is installed: run scripts/setup browser`)
  return found
}

export const chromium = {
  executablePath: findChromium(),
  // Chromium refuses to run as root with its sandbox.
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
}

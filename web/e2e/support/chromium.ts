/** The browser of the system: Playwright's own download is not needed. */
import { findProgram } from './programs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** `CHROMIUM` names another one. */
function findChromium(): string {
  const named = process.env.CHROMIUM
  const wanted = named === undefined || named === '' ? names : [named]
  const found = findProgram(...wanted)
  if (found === undefined) throw new Error(`None of ${wanted.join(', ')} is installed: run scripts/setup browser`)
  return found
}

export const chromium = {
  executablePath: findChromium(),
  // Chromium refuses to run as root with its sandbox.
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
}

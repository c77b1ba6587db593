// @vitest-environment node
/** Pages and buttons are shown to those whom the server answers: `tests/it/access.txt` is its table. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { reachedFrom, shapeOf } from './access.reach'
import { listPages } from './routes'

/** Per operation, the roles that may call it, each with the permission it takes. */
const table = new Map(
  [...readFileSync('../tests/it/access.txt', 'utf8').matchAll(/^([A-Z]+) +(\S+) +(.+)$/gm)].map(
    ([, method = '', path = '', callers = '']) => [
      shapeOf(`${method} ${path}`),
      new Map(
        callers
          .split(' ')
          .map((caller): [string, string | undefined] => [caller.split(':')[0] ?? '', caller.split(':')[1]]),
      ),
    ],
  ),
)

function fileOf(portal: string, path: string): string {
  const routes = readFileSync(`src/portals/${portal}/routes.tsx`, 'utf8')
  const load = new RegExp(
    `path: '${path.replace('$', '\\$')}',[^}]*?load: \\(\\) => import\\('\\./(.+?)'\\)`,
  ).exec(routes)?.[1]
  return load === undefined ? 'src/shared/PasswordPage.tsx' : `src/portals/${portal}/${load}.tsx`
}

describe.each(listPages())('$path', ({ portal, path, needs }) => {
  const reached = reachedFrom(fileOf(portal, path)).map(({ operation, guards }) => {
    const callers = table.get(operation)
    return { operation, guards, callers, takes: callers?.get(portal) }
  })
  const shown = ({ operation, guards, takes }: (typeof reached)[number]) =>
    `${operation} takes ${takes ?? 'nothing'}, is behind ${guards.join(' and ') || 'nothing'}`

  it('shows nothing that the server would refuse', () => {
    const refused = reached.filter(
      ({ callers, guards, takes }) =>
        !(callers?.has(portal) || callers?.has('anyone')) ||
        (takes !== undefined && ![needs, ...guards].includes(takes)),
    )
    expect(refused.map(shown)).toEqual([])
  })

  it('hides nothing that the server would do', () => {
    const hidden = reached.filter(
      ({ operation, guards, takes }) =>
        (takes !== undefined || !operation.startsWith('GET ')) &&
        guards.some((guard) => guard !== takes && guard !== needs),
    )
    expect(hidden.map(shown)).toEqual([])
    if (needs !== undefined) expect(reached.map(({ takes }) => takes)).toContain(needs)
  })

  it('is read at all', () => {
    expect(reached).not.toEqual([])
  })
})

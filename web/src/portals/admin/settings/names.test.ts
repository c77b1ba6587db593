import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { english } from './names'

it('every setting of the server has a name in English', () => {
  const definitions = readFileSync('../crates/platform/src/settings/definitions.rs', 'utf8')
  const keys = [...definitions.matchAll(/^ {8}"(\w+)" "/gm)].map((match) => match[1])
  expect(keys.length).toBeGreaterThan(30)
  expect(Object.keys(english).sort()).toEqual(keys.sort())
})

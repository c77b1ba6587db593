import { expect, it } from 'vitest'
import { distinctNames } from './entities'

it('tells those apart that are called alike', () => {
  const entities = [
    { id: 'site_aaaa1111', name: '旗舰店' },
    { id: 'site_bbbb2222', name: '旗舰店' },
    { id: 'site_cccc3333', name: '二号店' },
  ]
  expect(distinctNames(entities)).toEqual(['旗舰店 · 1111', '旗舰店 · 2222', '二号店'])
})

import { describe, expect, it } from 'vitest'
import { parseSearch, stringifySearch, textOf } from './url-state'

describe('parameters of the address', () => {
  it('stay the texts that they are', () => {
    expect(parseSearch('?keyword=007&page=2')).toEqual({ keyword: '007', page: '2' })
  })

  it('given several times are a list', () => {
    const search = parseSearch('?app_id=a&app_id=b')
    expect(search).toEqual({ app_id: ['a', 'b'] })
    expect(stringifySearch(search)).toBe('?app_id=a&app_id=b')
    expect(textOf(search, 'app_id')).toBe('a')
  })

  it('that are empty are left out', () => {
    expect(stringifySearch({ keyword: '', category: undefined, page: '3' })).toBe('?page=3')
    expect(stringifySearch({})).toBe('')
  })

  it('survive the way through the address', () => {
    const search = { keyword: '朝阳 & 徐汇+1', start_time: '2026-01-01T00:00:00.000Z' }
    expect(parseSearch(stringifySearch(search))).toEqual(search)
  })
})

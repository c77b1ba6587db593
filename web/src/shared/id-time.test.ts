import { describe, expect, it } from 'vitest'
import { momentOf, timeOfId } from './id-time'

describe('the time of an id', () => {
  it('is when the thing was made', () => {
    // 2024-01-01T00:00:00.000Z is 1704067200000, in base 32 of ten digits `01hk153x00`.
    expect(timeOfId('usage_01hk153x00e8t8m2v5n7r9s0qz')).toBe('2024-01-01T00:00:00.000Z')
  })

  it('is told of ids only', () => {
    expect(timeOfId('usage_1')).toBeUndefined()
    expect(timeOfId('01hk153x00e8t8m2v5n7r9s0qz')).toBeUndefined()
    expect(timeOfId('usage_01hk153x00e8t8m2v5n7r9s0ql')).toBeUndefined()
  })

  it('makes a range of a millisecond', () => {
    expect(momentOf('2024-01-01T00:00:00.000Z')).toEqual({
      start_time: '2024-01-01T00:00:00.000Z',
      end_time: '2024-01-01T00:00:00.001Z',
    })
    expect(momentOf(undefined)).toBeUndefined()
    expect(momentOf('yesterday')).toBeUndefined()
  })
})

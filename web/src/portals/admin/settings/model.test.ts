import { describe, expect, it } from 'vitest'
import type { SettingItem } from '@/api/generated'
import { changesOf, fromField, grouped, toField } from './model'

const setting = (key: string, value_type: string, value: unknown, category = 'account'): SettingItem => ({
  key,
  value_type,
  value,
  default: value,
  category,
  description: key,
  is_editable: true,
  updated_at: '2025-01-15T12:30:00.000Z',
})

describe('settings', () => {
  it('are changed where the field says something else', () => {
    const settings = [
      setting('days', 'integer', 30),
      setting('min', 'decimal', '10.00'),
      setting('on', 'boolean', true),
    ]
    expect(changesOf(settings, { days: 30, min: '10.00', on: true })).toEqual([])
    const changes = changesOf(settings, { days: 31, min: '10.00', on: false })
    expect(changes.map((change) => [change.setting.key, change.after])).toEqual([
      ['days', 31],
      ['on', false],
    ])
  })

  it('that are empty texts stay so when their field was cleared', () => {
    expect(changesOf([setting('mail', 'string', '')], { mail: undefined })).toEqual([])
    expect(fromField(undefined, 'string')).toBe('')
  })

  it('of JSON are edited as text', () => {
    expect(toField({ a: 1 }, 'json')).toBe('{\n  "a": 1\n}')
    expect(fromField('{"a": 1}', 'json')).toEqual({ a: 1 })
  })

  it('stand together by category', () => {
    const settings = [
      setting('a', 'string', '', 'x'),
      setting('b', 'string', '', 'y'),
      setting('c', 'string', '', 'x'),
    ]
    expect(grouped(settings).map(([name, items]) => [name, items.map(({ key }) => key)])).toEqual([
      ['x', ['a', 'c']],
      ['y', ['b']],
    ])
  })
})

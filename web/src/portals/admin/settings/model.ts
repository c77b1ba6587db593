/** Settings as a form has them, and what was changed. */
import type { SettingItem } from '@/api/generated'

export type Values = Record<string, unknown>

/** JSON is edited as text, everything else as what it is. */
export function toField(value: unknown, type: string): unknown {
  return type === 'json' ? JSON.stringify(value, null, 2) : value
}

export function fromField(value: unknown, type: string): unknown {
  if (type === 'json') return JSON.parse(String(value)) as unknown
  // A cleared text field says nothing, which is an empty text.
  return type === 'string' ? (value ?? '') : value
}

export interface Change {
  setting: SettingItem
  after: unknown
}

/** The settings whose field says something else than the server; text that is no JSON yet counts as a change. */
export function changesOf(settings: SettingItem[], values: Values): Change[] {
  return settings.flatMap((setting) => {
    if (!(setting.key in values)) return []
    const after = values[setting.key]
    const before = toField(setting.value, setting.value_type)
    const isSame = String(after ?? '') === String(before ?? '')
    return isSame ? [] : [{ setting, after }]
  })
}

/** By category, in the server's order. */
export function grouped(settings: SettingItem[]): [string, SettingItem[]][] {
  const groups = new Map<string, SettingItem[]>()
  for (const setting of settings) {
    groups.set(setting.category, [...(groups.get(setting.category) ?? []), setting])
  }
  return [...groups]
}

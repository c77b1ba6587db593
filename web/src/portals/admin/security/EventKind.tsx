import { useTranslation } from 'react-i18next'
import type { SecurityEventItem } from '@/api/generated'
import { StatusTag, type Tone } from '@/shared/StatusTag'

export const eventKinds = ['ip_failures', 'ip_many_keys', 'login_throttled', 'locked', 'unlocked'] as const

/** Events have no id; several of different kinds may happen at once. */
export const eventKey = (event: SecurityEventItem) =>
  [event.created_at, event.kind, event.ip_address, ...event.operator_ids].join(' ')

const tones: Record<string, Tone> = {
  ip_failures: 'bad',
  ip_many_keys: 'bad',
  login_throttled: 'waiting',
  locked: 'bad',
  unlocked: 'good',
}

export function EventKind({ kind }: { kind: string }) {
  const { t } = useTranslation(['admin', 'common'])
  const known = eventKinds.find((other) => other === kind)
  return <StatusTag tone={tones[kind] ?? 'quiet'}>{known ? t(`security.kinds.${known}`) : kind}</StatusTag>
}

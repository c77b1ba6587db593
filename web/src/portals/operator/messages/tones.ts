import type { MessagesAnswer } from '@/api/generated'
import type { Tone } from '@/shared/StatusTag'

export const messageTones: Record<MessagesAnswer['items'][number]['type'], Tone> = {
  system: 'special',
  price_change: 'quiet',
  balance_low: 'waiting',
  authorization: 'quiet',
}

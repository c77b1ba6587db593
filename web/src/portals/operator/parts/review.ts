import type { ReviewStatus } from '@/api/generated'
import type { Tone } from '@/shared/StatusTag'

/** How what staff decide about looks, whatever it is. */
export const reviewTones: Record<ReviewStatus, Tone> = {
  pending: 'waiting',
  approved: 'good',
  rejected: 'bad',
}

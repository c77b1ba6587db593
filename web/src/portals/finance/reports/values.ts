import type { ReportFormat, ReportType, Section } from '@/api/generated'

export const types = ['daily', 'weekly', 'monthly', 'custom'] as const satisfies ReportType[]
export const formats = ['pdf', 'excel'] as const satisfies ReportFormat[]
/** In the order in which they stand in a report. */
export const sections = [
  'income_summary',
  'top_customers',
  'usage_statistics',
  'refund_summary',
] as const satisfies Section[]

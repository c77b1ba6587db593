import { useTranslation } from 'react-i18next'
import type { ApplicationItem } from '@/api/generated'
import { StatusTag } from '@/shared/StatusTag'

export function AppState({ app }: { app: ApplicationItem }) {
  const { t } = useTranslation(['admin', 'common'])
  if (app.is_active) return <StatusTag tone="good">{t('apps.onShelf')}</StatusTag>
  return <StatusTag tone="quiet">{t('apps.offShelf')}</StatusTag>
}

import { useTranslation } from 'react-i18next'
import type { OperatorItem } from '@/api/generated'
import { StatusTag } from '@/shared/StatusTag'

/** Whether the operator can use the platform. */
export function OperatorState({ operator }: { operator: OperatorItem }) {
  const { t } = useTranslation(['admin', 'common'])
  if (operator.is_deactivated) return <StatusTag tone="quiet">{t('operators.deactivated')}</StatusTag>
  if (operator.is_locked) return <StatusTag tone="bad">{t('operators.locked')}</StatusTag>
  return <StatusTag tone="good">{t('operators.active')}</StatusTag>
}

export function CategoryTag({ category }: { category: string }) {
  const { t } = useTranslation()
  return (
    <StatusTag tone={category === 'vip' ? 'special' : 'quiet'}>
      {t(`category.${category}` as 'category.vip')}
    </StatusTag>
  )
}

import { useTranslation } from 'react-i18next'

export function Logo({ isShort }: { isShort?: boolean }) {
  const { t } = useTranslation()
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 10, minWidth: 0 }}>
      <img src="/assets/favicon.svg" alt={isShort ? t('product') : ''} width={26} height={26} />
      {!isShort && <strong style={{ whiteSpace: 'nowrap', fontSize: 14 }}>{t('product')}</strong>}
    </span>
  )
}

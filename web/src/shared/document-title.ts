import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

/** Names the document; tabs and bookmarks show it. */
export function useDocumentTitle(title: string): void {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = `${title} · ${t('product')}`
  }, [title, t])
}

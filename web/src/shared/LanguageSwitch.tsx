import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { chooseLanguage, type Language } from './i18n/language'

/** The other language, one click away and in its own words. */
export function LanguageSwitch({ icon }: { icon?: ReactNode }) {
  const { t, i18n } = useTranslation()
  const other: Language = i18n.language === 'zh' ? 'en' : 'zh'
  return (
    <Button
      type="text"
      icon={icon}
      lang={other}
      onClick={() => {
        chooseLanguage(other)
      }}
    >
      {t(`language.${other}`)}
    </Button>
  )
}

/** The language of the interface: Chinese until somebody chooses English, remembered. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import dayjs from 'dayjs'
import { oneOf, stored } from '@/shared/stored'
import en from './en'
import zh from './zh'

export const languages = ['zh', 'en'] as const
export type Language = (typeof languages)[number]

const store = stored<Language>('language', oneOf(languages))

export const currentLanguage = store.get
export const chooseLanguage = store.set
export const onLanguage = store.subscribe

export function httpLanguage(language: Language): string {
  return language === 'zh' ? 'zh-CN' : 'en'
}

/** Begins with the remembered language; every later choice, also in another tab, is followed. */
export async function startLanguages(): Promise<void> {
  const follow = async () => {
    const language = store.get()
    document.documentElement.lang = httpLanguage(language)
    dayjs.locale(language === 'zh' ? 'zh-cn' : 'en')
    await i18next.changeLanguage(language)
  }
  await i18next.use(initReactI18next).init({
    lng: store.get(),
    fallbackLng: false,
    defaultNS: 'common',
    ns: ['common'],
    resources: { zh: { common: zh }, en: { common: en } },
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  store.subscribe(() => void follow())
  await follow()
}

/** A portal's texts come with the portal. */
export async function addTexts(
  namespace: string,
  load: () => Promise<{ texts: Record<Language, object> }>,
): Promise<void> {
  if (i18next.hasResourceBundle('zh', namespace)) return
  const { texts } = await load()
  for (const language of languages) i18next.addResourceBundle(language, namespace, texts[language])
}

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

/** A portal's texts, each language a file of its own: hardly anybody reads two. */
export type Texts = Record<Language, () => Promise<{ default: object }>>

/** By namespace, the texts of the portals that were opened. */
const opened = new Map<string, Texts>()

/** Begins with the remembered language; every later choice, also in another tab, is followed. */
export async function startLanguages(): Promise<void> {
  const follow = async () => {
    const language = store.get()
    document.documentElement.lang = httpLanguage(language)
    dayjs.locale(language === 'zh' ? 'zh-cn' : 'en')
    await Promise.all([...opened].map(([namespace, texts]) => load(namespace, texts, language)))
    // Somebody who presses twice reads what was chosen last.
    if (language === store.get()) await i18next.changeLanguage(language)
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
  store.subscribe(() => {
    follow().catch(() => {
      // The texts could not be fetched: one goes on reading what one read.
      store.set(i18next.language as Language)
    })
  })
  await follow()
}

/** A portal's texts come with the portal. */
export async function addTexts(namespace: string, texts: Texts): Promise<void> {
  opened.set(namespace, texts)
  await load(namespace, texts, store.get())
}

async function load(namespace: string, texts: Texts, language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, namespace)) return
  i18next.addResourceBundle(language, namespace, (await texts[language]()).default)
}

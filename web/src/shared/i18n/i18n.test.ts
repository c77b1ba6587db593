import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { portals } from '@/routes'
import { Problem } from '../api/problem'
import { problemWords } from '../ProblemView'
import en from './en'
import { addTexts, chooseLanguage, currentLanguage, startLanguages } from './language'
import zh from './zh'

const texts = await Promise.all(
  portals.map(async ({ name, texts }) => ({
    name: name as string,
    zh: (await texts.zh()).default,
    en: (await texts.en()).default,
  })),
)

/** Every key with its text: `['errors.UNAUTHORIZED', '…']`. */
function flatten(texts: object, prefix = ''): [string, string][] {
  return Object.entries(texts).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string'
      ? [[prefix + key, value] as [string, string]]
      : flatten(value as object, `${prefix}${key}.`),
  )
}

const placeholders = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort()

describe.each([{ name: 'common', zh, en }, ...texts])(
  'the texts of $name',
  (texts: { zh: object; en: object }) => {
    const chinese = new Map(flatten(texts.zh))
    const english = new Map(flatten(texts.en))

    it('exist in both languages', () => {
      expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
    })

    it('are not empty and take the same values', () => {
      for (const [key, text] of chinese) {
        expect(text, key).not.toBe('')
        expect(english.get(key), key).not.toBe('')
        expect(placeholders(english.get(key) ?? ''), key).toEqual(placeholders(text))
      }
    })
  },
)

describe('the words for errors', () => {
  beforeAll(startLanguages)

  it('cover every code that the API documents', () => {
    const documented = [...readFileSync('../docs/ERRORS.md', 'utf8').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(
      (m) => m[1],
    )
    expect(documented.length).toBeGreaterThan(25)
    expect(Object.keys(zh.errors).sort()).toEqual([...documented, 'NO_ANSWER'].sort())
  })

  it('begin with what the server said and add what to do', () => {
    const refused = new Problem('BALANCE_NOT_ZERO', 409, '余额不为零')
    expect(problemWords(refused)).toEqual({ title: '余额不为零', advice: zh.errors.BALANCE_NOT_ZERO })
  })

  it('add nothing where the server named the trouble', () => {
    expect(problemWords(new Problem('INVALID_PARAMS', 400, '已有待处理的退款'))).toEqual({
      title: '已有待处理的退款',
    })
  })

  it('are there for what nobody foresaw', () => {
    expect(problemWords(new Problem('NEW_CODE', 418, '')).title).toBe(zh.errors.INTERNAL_ERROR)
    expect(problemWords(new TypeError('a bug of ours')).title).toBe(zh.errors.INTERNAL_ERROR)
    expect(problemWords(new Problem('NO_ANSWER', 0, 'Failed to fetch')).title).toBe(zh.errors.NO_ANSWER)
  })
})

describe('the language', () => {
  it('is Chinese until somebody chooses, and is remembered', async () => {
    await startLanguages()
    expect(currentLanguage()).toBe('zh')
    expect(document.documentElement.lang).toBe('zh-CN')
    chooseLanguage('en')
    expect(localStorage.getItem('coinslot.language')).toBe('"en"')
    expect(document.documentElement.lang).toBe('en')
  })

  it('of a portal is loaded with the portal, and the other one when it is chosen', async () => {
    const { default: i18next } = await import('i18next')
    const [operator] = portals
    await addTexts('operator', operator.texts)
    expect(i18next.t('operator:sites.title')).toBe('Sites')
    expect(i18next.hasResourceBundle('zh', 'operator')).toBe(false)
    chooseLanguage('zh')
    await vi.waitFor(() => {
      expect(i18next.t('operator:sites.title')).toBe('运营点')
    })
  })
})

/** What a page shows is kept in its address, so that it can be sent, reloaded and gone back to. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

/** Every parameter is text; one that is given several times is a list. */
export type Search = Record<string, string | string[] | undefined>

export function parseSearch(text: string): Search {
  const search: Record<string, string | string[]> = {}
  for (const [key, value] of new URLSearchParams(text)) {
    const before = search[key]
    search[key] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  return search
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(search)) {
    for (const part of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof part === 'string' && part !== '') params.append(key, part)
    }
  }
  const text = params.toString()
  return text ? `?${text}` : ''
}

/** The parameters of the address, and how to change some of them; the browser's back button undoes a change. */
export function useUrlState(): [Search, (changes: Search) => void] {
  const search = useSearch({ strict: false })
  const navigate = useNavigate()
  const change = useCallback(
    (changes: Search) => {
      void navigate({
        to: '.',
        search: ((before: Search) => ({ ...before, ...changes })) as never,
        resetScroll: false,
      })
    },
    [navigate],
  )
  return [search, change]
}

/** One text of the address. */
export function textOf(search: Search, name: string): string | undefined {
  const value = search[name]
  return Array.isArray(value) ? value[0] : value
}

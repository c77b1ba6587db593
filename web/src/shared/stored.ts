/**
 * A value that the browser keeps and that all tabs share. Private windows may refuse storage: then the value lives as
 * long as the tab.
 */
import { useSyncExternalStore } from 'react'

export interface Stored<T> {
  get: () => T
  set: (value: T) => void
  subscribe: (listener: () => void) => () => void
}

export function stored<T>(key: string, parse: (text: string | null) => T): Stored<T> {
  const name = `coinslot.${key}`
  const listeners = new Set<() => void>()
  const read = () => {
    try {
      return parse(localStorage.getItem(name))
    } catch {
      return parse(null)
    }
  }
  let current = read()
  const tell = () => {
    listeners.forEach((listener) => {
      listener()
    })
  }
  window.addEventListener('storage', (event) => {
    if (event.key !== name && event.key !== null) return
    current = read()
    tell()
  })
  return {
    get: () => current,
    set: (value) => {
      current = value
      try {
        if (value === undefined) localStorage.removeItem(name)
        else localStorage.setItem(name, JSON.stringify(value))
      } catch {
        // The browser keeps nothing; this tab still knows.
      }
      tell()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}

export function useStored<T>(store: Stored<T>): T {
  return useSyncExternalStore(store.subscribe, store.get)
}

/** Reads JSON as one of the given values, else the first of them. */
export function oneOf<T extends string>(values: readonly [T, ...T[]]): (text: string | null) => T {
  return (text) => values.find((value) => JSON.stringify(value) === text) ?? values[0]
}

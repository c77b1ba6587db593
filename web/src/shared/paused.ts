import { useEffect, useState } from 'react'

/** What was typed, once the person pauses. */
export function usePaused(text: string): string {
  const [paused, setPaused] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => {
      setPaused(text)
    }, 250)
    return () => {
      clearTimeout(timer)
    }
  }, [text])
  return paused
}

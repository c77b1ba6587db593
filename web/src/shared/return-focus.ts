import { useEffect, useState } from 'react'

/** What opens over the page gives the focus back to what it was opened with when it goes, or to the page. */
export function useReturnFocus(): void {
  // Known before anything in the dialog takes the focus.
  const [opener] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      queueMicrotask(() => {
        if (document.activeElement !== document.body) return
        const isThere = opener instanceof HTMLElement && opener !== document.body && opener.isConnected
        const place = isThere ? opener : document.getElementById('main-content')
        place?.focus({ preventScroll: true })
      })
    },
    [opener],
  )
}

import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { router } from './router'
import { connectClient } from './shared/api/client'
import { queryClient } from './shared/api/queries'
import { onLanguage, startLanguages } from './shared/i18n/language'
import { Providers } from './shared/Providers'
import { session } from './shared/session/session'
import './shared/global.css'

connectClient()
await startLanguages()

// Another person, or nobody: the guards look again, and then what was read for the one before is forgotten. Forgotten first,
// the page that is about to go would ask for it once more, without a token.
session.subscribe(() => {
  void router.invalidate().then(() => queryClient.resetQueries())
})

// The server's own words are in the language they were asked for: what is shown is read again, what is kept is forgotten.
onLanguage(() => {
  queryClient.removeQueries({ type: 'inactive' })
  void queryClient.invalidateQueries()
})

const place = document.getElementById('root')
if (place) {
  createRoot(place).render(
    <StrictMode>
      <Providers>
        <RouterProvider router={router} />
      </Providers>
    </StrictMode>,
  )
}

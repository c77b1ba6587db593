/** How the generated client calls the server: with the token, in the person's language, from our own host. */
import type { CreateClientConfig } from './generated/client.gen'
import { session } from '@/shared/session/session'

export const createClientConfig: CreateClientConfig = (config) => ({
  ...config,
  baseUrl: window.location.origin,
  auth: () => session.get()?.token,
})

import { signInAdmin, signInAnalyst, signInFinance, signInOperator } from '@/api/generated'
import { toSession, type Role, type Session } from '@/shared/session/session'

interface SignIn {
  role: Role
  username: string
  password: string
}

/** Each role has a door of its own; the answer names the person and what they may do. */
export async function signIn({ role, ...body }: SignIn): Promise<Session> {
  switch (role) {
    case 'operator':
      return toSession((await signInOperator({ body })).data.data)
    case 'admin':
      return toSession((await signInAdmin({ body })).data.data)
    case 'finance':
      return toSession((await signInFinance({ body })).data.data)
    case 'analyst':
      return toSession((await signInAnalyst({ body })).data.data)
  }
}

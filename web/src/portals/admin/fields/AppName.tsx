import { useQuery } from '@tanstack/react-query'
import { getApplicationOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { AppLink } from './AppLink'

/** Leads to the app, under the name that is looked up; a stranger's id stays an id. */
export function AppName({ id }: { id: string }) {
  const app = useQuery({ ...getApplicationOptions({ path: { id } }), select: unwrap, retry: false })
  return app.data ? <AppLink id={id} name={app.data.app_name} /> : id
}

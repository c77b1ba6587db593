import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { getOperatorOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'

/** Leads to the operator, under the name that is known, or that is looked up. */
export function OperatorLink({ id, name }: { id: string; name?: string | null }) {
  const operator = useQuery({
    ...getOperatorOptions({ path: { id } }),
    select: unwrap,
    enabled: !name,
    staleTime: 60_000,
  })
  return (
    <Link to="/admin/operators/$id" params={{ id }}>
      {name ?? operator.data?.name ?? `${id.slice(0, 8)}…`}
    </Link>
  )
}

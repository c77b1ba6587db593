import { Link } from '@tanstack/react-router'

export function AppLink({ id, name }: { id: string; name: string }) {
  return (
    <Link to="/admin/applications/$id" params={{ id }}>
      {name}
    </Link>
  )
}

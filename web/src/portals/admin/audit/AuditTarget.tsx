import { Link } from '@tanstack/react-router'
import type { AuditLogItem } from '@/api/generated'
import { CopyText } from '@/shared/CopyText'
import { auditWord } from './words'

/** Targets that have a page here. */
const pages: Record<string, '/admin/operators/$id' | '/admin/applications/$id'> = {
  operator: '/admin/operators/$id',
  application: '/admin/applications/$id',
}

/** What the act was about, with a way to it where there is one. */
export function AuditTarget({ entry, isLong }: { entry: AuditLogItem; isLong?: boolean }) {
  const { target_resource_type: type, target_resource_id: id } = entry
  if (!type) return <span>—</span>
  const word = auditWord('targets', type)
  const page = pages[type]
  return (
    <>
      {page && id ? (
        <Link to={page} params={{ id }}>
          {word}
        </Link>
      ) : (
        word
      )}{' '}
      {id && <CopyText text={id} short={!isLong} />}
    </>
  )
}

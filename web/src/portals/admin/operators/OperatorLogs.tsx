import { AuditTable } from '../audit/AuditTable'

/** What the operator did, as the audit log has it. */
export default function OperatorLogs({ id }: { id: string }) {
  return <AuditTable actorId={id} />
}

import { LogTable } from '../authorization-log/LogTable'

/** What the operator's headset servers asked for. */
export default function OperatorUsage({ id }: { id: string }) {
  return <LogTable operatorId={id} />
}

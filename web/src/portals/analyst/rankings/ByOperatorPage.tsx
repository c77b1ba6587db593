import { Ranking } from './Ranking'

export default function ByOperatorPage() {
  return <Ranking kind="operator" />
}

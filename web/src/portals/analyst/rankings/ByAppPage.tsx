import { Ranking } from './Ranking'

export default function ByAppPage() {
  return <Ranking kind="app" />
}

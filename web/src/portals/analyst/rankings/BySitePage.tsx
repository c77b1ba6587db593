import { Ranking } from './Ranking'

export default function BySitePage() {
  return <Ranking kind="site" />
}

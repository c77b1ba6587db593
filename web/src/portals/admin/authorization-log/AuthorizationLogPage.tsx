import { Page } from '@/shared/Page'
import { LogTable } from './LogTable'

export default function AuthorizationLogPage() {
  return (
    <Page>
      <LogTable />
    </Page>
  )
}

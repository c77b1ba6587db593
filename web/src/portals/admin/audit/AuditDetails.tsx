import { useTranslation } from 'react-i18next'
import type { AuditLogItem } from '@/api/generated'
import { useCells } from '../parts/cells'
import { AuditValue } from './AuditValue'
import { toRows, type Details, type Row } from './details'
import { useFieldWords } from './words'

interface Props {
  entry: AuditLogItem
}

export function AuditDetails({ entry }: Props) {
  const { t } = useTranslation(['admin', 'common'])
  const { changes, others } = toRows(entry.operation_details as Details)
  if (changes.length + others.length === 0) return <p style={{ margin: 0 }}>{t('audit.noDetails')}</p>
  return (
    <>
      {changes.length > 0 && <DetailTable entry={entry} rows={changes} isChange />}
      {others.length > 0 && <DetailTable entry={entry} rows={others} />}
    </>
  )
}

function DetailTable({ entry, rows, isChange }: Props & { rows: Row[]; isChange?: boolean }) {
  const { t } = useTranslation(['admin', 'common'])
  const { cell, quiet } = useCells()
  const wordOf = useFieldWords(entry)
  return (
    <table style={{ width: '100%', borderCollapse: 'collapse', tableLayout: 'fixed', marginBlockEnd: 12 }}>
      {isChange && (
        <thead>
          <tr>
            <th style={quiet}>{t('audit.item')}</th>
            <th style={quiet}>{t('audit.before')}</th>
            <th style={quiet}>{t('audit.after')}</th>
          </tr>
        </thead>
      )}
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row" style={quiet}>
              {wordOf(row.name)}
            </th>
            {isChange && (
              <td style={cell}>
                <AuditValue name={row.name} value={row.before} />
              </td>
            )}
            <td style={cell} colSpan={isChange ? 1 : 2}>
              <AuditValue name={row.name} value={row.after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

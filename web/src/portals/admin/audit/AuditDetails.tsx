import { useTranslation } from 'react-i18next'
import { Time } from '@/shared/Time'
import { useCells } from '../parts/cells'
import { auditWord } from './words'

type Details = Record<string, unknown>

function isObject(value: unknown): value is Details {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

interface Row {
  name: string
  before?: unknown
  after: unknown
}

/** Details as rows: values that were changed with the ones before, then everything else, nested names joined. */
function toRows(details: Details): { changes: Row[]; others: Row[] } {
  const { before, after, ...rest } = details
  const isChange = isObject(before) || isObject(after)
  const old = isObject(before) ? before : {}
  const now = isObject(after) ? after : {}
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])]
  const changes = isChange
    ? names
        .map((name) => ({ name, before: old[name], after: now[name] }))
        .filter((row) => JSON.stringify(row.before) !== JSON.stringify(row.after))
    : []
  const plain = isChange ? rest : details
  return { changes, others: Object.entries(plain).map(([name, value]) => ({ name, after: value })) }
}

export function AuditDetails({ details }: { details: Details }) {
  const { t } = useTranslation(['admin', 'common'])
  const { changes, others } = toRows(details)
  if (changes.length + others.length === 0) return <p style={{ margin: 0 }}>{t('audit.noDetails')}</p>
  return (
    <>
      {changes.length > 0 && <DetailTable rows={changes} isChange />}
      {others.length > 0 && <DetailTable rows={others} />}
    </>
  )
}

function DetailTable({ rows, isChange }: { rows: Row[]; isChange?: boolean }) {
  const { t } = useTranslation(['admin', 'common'])
  const { cell, quiet } = useCells()
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
              {auditWord('fields', row.name)}
            </th>
            {isChange && (
              <td style={cell}>
                <Value value={row.before} />
              </td>
            )}
            <td style={cell} colSpan={isChange ? 1 : 2}>
              <Value value={row.after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Value({ value }: { value: unknown }) {
  const { t } = useTranslation(['admin', 'common'])
  if (value === null || value === undefined || value === '') return '—'
  if (typeof value === 'boolean') return t(value ? 'common:yes' : 'common:no')
  if (typeof value === 'string') {
    return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? <Time at={value} /> : value
  }
  if (typeof value === 'number') return value
  if (Array.isArray(value))
    return value.map((part) => (isObject(part) ? JSON.stringify(part) : String(part))).join(', ')
  if (!isObject(value)) return '—'
  return Object.entries(value).map(([name, inner]) => (
    <div key={name}>
      {auditWord('fields', name)}: <Value value={inner} />
    </div>
  ))
}

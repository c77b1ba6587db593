import { theme } from 'antd'
import { useTranslation } from 'react-i18next'

/** The text as operators see it among their messages. */
export function MessagePreview({ title, content }: { title?: string; content?: string }) {
  const { t } = useTranslation(['admin', 'common'])
  const { token } = theme.useToken()
  return (
    <article
      style={{
        background: token.colorFillQuaternary,
        borderRadius: token.borderRadiusLG,
        padding: 16,
        overflowWrap: 'anywhere',
      }}
    >
      <strong>{title?.trim() ? title : t('announcements.noSubject')}</strong>
      <div style={{ marginBlockStart: 4, whiteSpace: 'pre-line' }}>
        {content?.trim() ? content : t('announcements.noContent')}
      </div>
    </article>
  )
}

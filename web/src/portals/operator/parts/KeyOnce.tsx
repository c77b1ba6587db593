import { Alert, Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { CopyButton } from './CopyButton'

/** A new API key, for as long as it is on the page; it is kept nowhere. */
export function KeyOnce({ apiKey }: { apiKey: string }) {
  const { t } = useTranslation(['operator', 'common'])
  return (
    <Flex vertical gap={12} align="start">
      <Alert type="warning" showIcon title={t('common:register.keyOnce')} style={{ width: '100%' }} />
      <code
        className="code"
        aria-label={t('apiKey.title')}
        style={{
          overflowWrap: 'anywhere',
          padding: '8px 12px',
          border: '1px solid var(--line)',
          borderRadius: 6,
        }}
      >
        {apiKey}
      </code>
      <CopyButton text={apiKey} label={t('apiKey.copy')} type="primary" />
    </Flex>
  )
}

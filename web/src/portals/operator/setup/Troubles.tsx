import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { CopyText } from '@/shared/CopyText'
import { Panel } from '@/shared/Panel'
import { WideTable } from '@/shared/WideTable'

/** What a headset server can be told, in the order in which the platform checks; and where to mend it. */
const troubles = [
  { code: 'INVALID_API_KEY', status: 401, to: '/operator/profile' },
  { code: 'TIMESTAMP_EXPIRED', status: 400 },
  { code: 'INVALID_SIGNATURE', status: 400 },
  { code: 'RATE_LIMIT_EXCEEDED', status: 429 },
  { code: 'ACCOUNT_LOCKED', status: 403 },
  { code: 'INVALID_SESSION_ID', status: 400 },
  { code: 'SESSION_DUPLICATE', status: 409 },
  { code: 'SITE_NOT_FOUND', status: 404, to: '/operator/sites' },
  { code: 'APP_NOT_FOUND', status: 404, to: '/operator/apps' },
  { code: 'APP_NOT_AUTHORIZED', status: 403, to: '/operator/apps' },
  { code: 'PLAYER_COUNT_OUT_OF_RANGE', status: 400, to: '/operator/apps' },
  { code: 'INSUFFICIENT_BALANCE', status: 402, to: '/operator/top-up' },
  { code: 'SERVICE_UNAVAILABLE', status: 503 },
] as const

type Trouble = (typeof troubles)[number]

export default function Troubles() {
  const { t } = useTranslation(['operator', 'common'])
  return (
    <Panel title={t('setup.troubles.title')} isPadded={false}>
      <WideTable<Trouble>
        rowKey="code"
        pagination={false}
        scroll={{ x: 640 }}
        dataSource={[...troubles]}
        columns={[
          {
            key: 'code',
            title: t('setup.troubles.code'),
            width: 270,
            render: (_, { code, status }) => (
              <>
                <CopyText text={code} /> <span className="figures">{status}</span>
              </>
            ),
          },
          {
            key: 'cause',
            title: t('setup.troubles.cause'),
            render: (_, { code }) => t(`setup.troubles.${code}.cause`),
          },
          {
            key: 'remedy',
            title: t('setup.troubles.remedy'),
            render: (_, trouble) => (
              <>
                {t(`setup.troubles.${trouble.code}.remedy`)}
                {'to' in trouble && (
                  <>
                    {' '}
                    <Link to={trouble.to} style={{ textDecoration: 'underline' }}>
                      {t('setup.troubles.go')}
                    </Link>
                  </>
                )}
              </>
            ),
          },
        ]}
      />
    </Panel>
  )
}

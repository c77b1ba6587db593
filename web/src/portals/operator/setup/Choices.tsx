import { Alert, Flex, Form, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { AuthorizedAppItem, SiteItem } from '@/api/generated'
import { CopyText } from '@/shared/CopyText'
import { LinkButton } from '@/shared/LinkButton'
import { formatMoney, fromFen, toFen } from '@/shared/money'
import { Step } from './Step'

interface SiteStepProps {
  sites: SiteItem[]
  site: SiteItem | undefined
  onChoose: (siteId: string) => void
}

export function SiteStep({ sites, site, onChoose }: SiteStepProps) {
  const { t } = useTranslation(['operator', 'common'])
  return (
    <Step number={1} title={t('setup.site.title')} isDone={site !== undefined}>
      {site ? (
        <Flex vertical gap={8}>
          <Form.Item
            label={t('setup.site.label')}
            htmlFor="setup-site"
            style={{ margin: 0 }}
            layout="vertical"
          >
            <Select
              id="setup-site"
              value={site.site_id}
              options={sites.map(({ site_id, name }) => ({ value: site_id, label: name }))}
              showSearch={{ optionFilterProp: 'label' }}
              style={{ width: '100%', maxWidth: 360 }}
              onChange={onChoose}
            />
          </Form.Item>
          <span>
            {t('setup.id')} <CopyText text={site.site_id} />
          </span>
        </Flex>
      ) : (
        <Flex vertical gap={12} align="start">
          <span>{t('setup.site.none')}</span>
          <LinkButton to="/operator/sites" look="primary">
            {t('setup.site.create')}
          </LinkButton>
        </Flex>
      )}
    </Step>
  )
}

interface AppStepProps {
  apps: AuthorizedAppItem[]
  app: AuthorizedAppItem | undefined
  balance: string
  onChoose: (appId: string) => void
}

/** A granted application, and the money for the smallest game of it. */
export function AppStep({ apps, app, balance, onChoose }: AppStepProps) {
  const { t } = useTranslation(['operator', 'common'])
  if (!app) {
    return (
      <Step number={2} title={t('setup.app.title')}>
        <Flex vertical gap={12} align="start">
          <span>{t('setup.app.none')}</span>
          <LinkButton to="/operator/apps" look="primary">
            {t('setup.app.ask')}
          </LinkButton>
        </Flex>
      </Step>
    )
  }
  const least = toFen(app.unit_price) * BigInt(app.min_players)
  const isEnough = toFen(balance) >= least
  return (
    <Step number={2} title={t('setup.app.title')} isDone={isEnough}>
      <Flex vertical gap={8}>
        <Form.Item label={t('setup.app.label')} htmlFor="setup-app" style={{ margin: 0 }} layout="vertical">
          <Select
            id="setup-app"
            value={app.app_id}
            options={apps.map(({ app_id, app_name }) => ({ value: app_id, label: app_name }))}
            showSearch={{ optionFilterProp: 'label' }}
            style={{ width: '100%', maxWidth: 360 }}
            onChange={onChoose}
          />
        </Form.Item>
        <span>
          {t('setup.id')} <CopyText text={app.app_id} />
        </span>
        <span>
          {t('setup.app.facts', {
            price: formatMoney(app.unit_price),
            min: app.min_players,
            max: app.max_players,
            balance: formatMoney(balance),
          })}
        </span>
        {!isEnough && (
          <Alert
            type="warning"
            showIcon
            title={t('setup.app.tooLittle', { least: formatMoney(fromFen(least)) })}
            action={<LinkButton to="/operator/top-up">{t('setup.app.topUp')}</LinkButton>}
          />
        )}
      </Flex>
    </Step>
  )
}

import { Alert, Flex, Form, InputNumber, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuthorizedAppItem, SiteItem } from '@/api/generated'
import { formatMoney, fromFen, toFen } from '@/shared/money'
import { CopyButton } from '../parts/CopyButton'
import { authorizeCommand, checkCommand, keyPlaceholder, simulateCommand } from './commands'
import { Step } from './Step'

const commands = { check: checkCommand, authorize: authorizeCommand, simulate: simulateCommand }
type Kind = keyof typeof commands
const kinds = Object.keys(commands) as Kind[]

interface CommandsProps {
  operatorId: string
  site: SiteItem | undefined
  app: AuthorizedAppItem | undefined
  apiKey: string
}

export default function Commands({ operatorId, site, app, apiKey }: CommandsProps) {
  const { t } = useTranslation(['operator', 'common'])
  return (
    <Step number={4} title={t('setup.command.title')}>
      {site && app ? (
        // Another application has other limits, so the number of players begins anew with it.
        <Chosen key={app.app_id} operatorId={operatorId} site={site} app={app} apiKey={apiKey} />
      ) : (
        <span>{t('setup.command.notYet')}</span>
      )}
    </Step>
  )
}

function Chosen({
  operatorId,
  site,
  app,
  apiKey,
}: { [K in keyof CommandsProps]: NonNullable<CommandsProps[K]> }) {
  const { t } = useTranslation(['operator', 'common'])
  const [kind, setKind] = useState<Kind>('check')
  const [players, setPlayers] = useState(app.min_players)
  const game = {
    url: window.location.origin,
    operatorId,
    siteId: site.site_id,
    appId: app.app_id,
    players,
  }
  const cost = formatMoney(fromFen(toFen(app.unit_price) * BigInt(players)))
  return (
    <Flex vertical gap={12}>
      <Flex gap={16} wrap align="end">
        <Segmented<Kind>
          value={kind}
          options={kinds.map((value) => ({ value, label: t(`setup.command.${value}`) }))}
          onChange={setKind}
        />
        <Form.Item label={t('setup.command.players')} htmlFor="setup-players" style={{ margin: 0 }}>
          <InputNumber
            id="setup-players"
            min={app.min_players}
            max={app.max_players}
            precision={0}
            value={players}
            onChange={(value) => {
              setPlayers(value ?? app.min_players)
            }}
          />
        </Form.Item>
      </Flex>
      <Alert
        type={kind === 'check' ? 'info' : 'warning'}
        showIcon
        title={t(`setup.command.${kind}Hint`, { cost })}
      />
      <pre
        tabIndex={0}
        className="code"
        aria-label={t(`setup.command.${kind}`)}
        style={{
          margin: 0,
          padding: 12,
          border: '1px solid var(--line)',
          borderRadius: 6,
          overflowX: 'auto',
          lineHeight: 1.6,
        }}
      >
        {commands[kind](game, apiKey === '' ? keyPlaceholder : '•'.repeat(12))}
      </pre>
      <Flex gap={12} align="center" wrap>
        <CopyButton
          type="primary"
          text={commands[kind](game, apiKey === '' ? keyPlaceholder : apiKey)}
          label={t('setup.command.copy')}
        />
        <span>{t(apiKey === '' ? 'setup.command.withoutKey' : 'setup.command.withKey')}</span>
      </Flex>
    </Flex>
  )
}

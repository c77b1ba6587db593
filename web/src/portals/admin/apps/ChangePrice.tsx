import { ArrowRightOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Form, theme } from 'antd'
import { useTranslation } from 'react-i18next'
import { changeApplicationPrice, type ApplicationItem, type ChangePriceRequest } from '@/api/generated'
import { listAuthorizationsOptions } from '@/api/generated/@tanstack/react-query.gen'
import { useAct } from '@/shared/api/act'
import { Facts } from '@/shared/Facts'
import { FormModal } from '@/shared/FormModal'
import { Money } from '@/shared/Money'
import { fromFen, toFen } from '@/shared/money'
import { useToasts } from '@/shared/toasts'
import { NoteField } from '../fields/NoteField'
import { PriceField } from './PriceField'

/** Changes the price, after showing whom that concerns and what games will cost. */
export default function ChangePrice({ app, onClose }: { app: ApplicationItem; onClose: () => void }) {
  const { t } = useTranslation(['admin', 'common'])
  const { message } = useToasts()
  const change = useAct(changeApplicationPrice)
  return (
    <FormModal
      title={`${t('price.change')} · ${app.app_name}`}
      submitLabel={t('price.submit')}
      act={change}
      request={(body: ChangePriceRequest) => ({ path: { id: app.app_id }, body })}
      onClose={onClose}
      onDone={({ notified_operators_count: count }) => {
        void message.success(t('price.done', { count }))
      }}
    >
      <PriceField label={t('price.new')} before={app.unit_price ?? null} />
      <NoteField name="reason" label={t('apps.reason')} extra={t('price.reasonHint')} />
      <Effect app={app} />
    </FormModal>
  )
}

function Effect({ app }: { app: ApplicationItem }) {
  const { t } = useTranslation(['admin', 'common'])
  const { token } = theme.useToken()
  const typed = Form.useWatch<string | null | undefined>('unit_price')
  const query = { app_id: app.app_id, status: 'active' as const, page_size: 1 }
  const grants = useQuery(listAuthorizationsOptions({ query }))
  const count = grants.data?.total.toLocaleString('en-US') ?? '…'
  const sizes = [...new Set([app.min_players, app.max_players])]
  return (
    <section
      aria-label={t('price.effect')}
      style={{ background: token.colorFillQuaternary, borderRadius: token.borderRadiusLG, padding: 16 }}
    >
      <h3 style={{ margin: '0 0 8px', fontSize: 14, fontWeight: 600 }}>{t('price.effect')}</h3>
      <Facts
        items={[
          { label: t('price.affected'), value: t('price.affectedValue', { count }), isWide: true },
          {
            label: t('price.unitPrice'),
            value: <Step before={app.unit_price} after={typed} players={1} />,
            isWide: true,
          },
          ...sizes.map((players) => ({
            label: t('price.perGame', { players }),
            value: <Step before={app.unit_price} after={typed} players={players} />,
          })),
        ]}
      />
      <p style={{ margin: '12px 0 0', color: token.colorTextDescription }}>{t('price.when')}</p>
    </section>
  )
}

/** What so many players pay, before and after. The old price is unknown to those who may not see money. */
function Step({
  before,
  after,
  players,
}: {
  before: string | null | undefined
  after: string | null | undefined
  players: number
}) {
  const { t } = useTranslation(['admin', 'common'])
  const cost = (price: string) => fromFen(toFen(price) * BigInt(players))
  return (
    <span className="figures">
      {before && (
        <>
          <Money amount={cost(before)} /> <ArrowRightOutlined />{' '}
        </>
      )}
      {after ? <Money amount={cost(after)} strong /> : t('price.until')}
    </span>
  )
}

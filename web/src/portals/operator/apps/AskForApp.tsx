import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { createAppRequest, type CatalogItem } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { Facts } from '@/shared/Facts'
import { FormModal } from '@/shared/FormModal'
import { Money } from '@/shared/Money'
import { useRules } from '@/shared/rules'

/** Asks for an application; an administrator decides, so the reason is what they read. */
export default function AskForApp({ app, onClose }: { app: CatalogItem; onClose: () => void }) {
  const { t } = useTranslation(['operator', 'common'])
  const rules = useRules()
  const ask = useAct(createAppRequest, { done: t('apps.asked') })
  return (
    <FormModal
      title={t('apps.askFor', { name: app.app_name })}
      submitLabel={t('apps.submit')}
      act={ask}
      request={({ reason }: { reason: string }) => ({ body: { app_id: app.app_id, reason } })}
      onClose={onClose}
    >
      <div style={{ marginBlockEnd: 16 }}>
        <Facts
          items={[
            { label: t('apps.unitPrice'), value: <Money amount={app.unit_price} /> },
            {
              label: t('apps.players'),
              value: t('apps.playersRange', { min: app.min_players, max: app.max_players }),
            },
          ]}
        />
      </div>
      <Form.Item
        name="reason"
        label={t('apps.reason')}
        extra={t('apps.reasonHint')}
        rules={rules.length(t('apps.reason'), 10, 500)}
      >
        <Input.TextArea autoFocus autoSize={{ minRows: 3, maxRows: 8 }} maxLength={500} showCount />
      </Form.Item>
    </FormModal>
  )
}

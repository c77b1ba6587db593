import { Form, Input, InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'
import {
  createApplication,
  updateApplication,
  type ApplicationItem,
  type CreateApplicationRequest,
  type UpdateApplicationRequest,
} from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import { useRules } from '@/shared/rules'
import { PriceField } from './PriceField'

/** Creates an app, or changes the given one; its price is changed elsewhere, because operators are told. */
export default function AppForm({ app, onClose }: { app?: ApplicationItem; onClose: () => void }) {
  const { t } = useTranslation(['admin', 'common'])
  const create = useAct(createApplication, { done: t('apps.created') })
  const update = useAct(updateApplication, { done: t('apps.saved') })
  if (!app) {
    return (
      <FormModal
        title={t('apps.create')}
        submitLabel={t('common:create')}
        act={create}
        request={(body: CreateApplicationRequest) => ({ body })}
        initialValues={{ min_players: 2, max_players: 8 }}
        onClose={onClose}
      >
        <NameField />
        <PriceField label={t('apps.price')} />
        <OtherFields />
      </FormModal>
    )
  }
  return (
    <FormModal
      title={t('apps.edit')}
      act={update}
      request={(body: UpdateApplicationRequest) => ({ path: { id: app.app_id }, body })}
      initialValues={app}
      onClose={onClose}
    >
      <NameField />
      <OtherFields />
    </FormModal>
  )
}

function NameField() {
  const { t } = useTranslation(['admin', 'common'])
  const rules = useRules()
  return (
    <Form.Item name="app_name" label={t('apps.name')} rules={rules.length(t('apps.name'), 2, 50)}>
      <Input autoFocus />
    </Form.Item>
  )
}

function OtherFields() {
  const { t } = useTranslation(['admin', 'common'])
  const rules = useRules()
  const players = { min: 1, max: 100, precision: 0, style: { width: '100%' } }
  const required = (label: string) => ({ required: true, message: t('common:form.required', { label }) })
  return (
    <>
      <div style={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 16 }}>
        <Form.Item name="min_players" label={t('apps.minPlayers')} rules={[required(t('apps.minPlayers'))]}>
          <InputNumber {...players} />
        </Form.Item>
        <Form.Item
          name="max_players"
          label={t('apps.maxPlayers')}
          dependencies={['min_players']}
          rules={[
            required(t('apps.maxPlayers')),
            (form) => ({
              validator: (_, value: number) =>
                value >= Number(form.getFieldValue('min_players'))
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('apps.playersOrder'))),
            }),
          ]}
        >
          <InputNumber {...players} />
        </Form.Item>
      </div>
      <Form.Item
        name="description"
        label={`${t('apps.description')} (${t('common:optional')})`}
        rules={rules.length(t('apps.description'), 0, 2000)}
      >
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} maxLength={2000} showCount />
      </Form.Item>
    </>
  )
}

import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { createSite, updateSite, type CreateSite, type SiteItem } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import { useRules } from '@/shared/rules'

/** Creates a site, or changes the given one. */
export default function SiteForm({ site, onClose }: { site: SiteItem | undefined; onClose: () => void }) {
  const { t } = useTranslation(['operator', 'common'])
  const create = useAct(createSite, { done: t('sites.created') })
  const update = useAct(updateSite, { done: t('sites.saved') })
  const shared = { onClose, children: <SiteFields /> }
  if (!site) {
    return (
      <FormModal
        {...shared}
        title={t('sites.create')}
        submitLabel={t('common:create')}
        act={create}
        request={(body: CreateSite) => ({ body })}
      />
    )
  }
  return (
    <FormModal
      {...shared}
      title={t('sites.edit')}
      act={update}
      request={(body: CreateSite) => ({ path: { id: site.site_id }, body })}
      initialValues={site}
    />
  )
}

function SiteFields() {
  const { t } = useTranslation(['operator', 'common'])
  const rules = useRules()
  return (
    <>
      <Form.Item name="name" label={t('sites.name')} rules={rules.length(t('sites.name'), 2, 50)}>
        <Input autoFocus />
      </Form.Item>
      <Form.Item name="address" label={t('sites.address')} rules={rules.length(t('sites.address'), 5, 200)}>
        <Input />
      </Form.Item>
      <Form.Item
        name="description"
        label={`${t('sites.description')} (${t('common:optional')})`}
        rules={rules.length(t('sites.description'), 0, 500)}
      >
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={500} showCount />
      </Form.Item>
    </>
  )
}

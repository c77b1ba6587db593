import { Button, Flex, Form, theme } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { updateSettings, type SettingItem } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { QuestionModal } from '@/shared/QuestionModal'
import { ServerForm, useServerForm } from '@/shared/ServerForm'
import { ChangeList } from './ChangeList'
import { changesOf, fromField, toField, type Change, type Values } from './model'
import { SettingField } from './SettingField'
import { SettingGroups } from './SettingGroups'

/** All settings in one form: what was changed is shown once more, old and new, before it is sent. */
export default function SettingsForm({ settings }: { settings: SettingItem[] }) {
  const { t } = useTranslation(['admin', 'common'])
  const id = useId()
  const [asked, setAsked] = useState<Values>()
  const save = useAct(updateSettings, { done: t('settings.saved') })
  const parts = useServerForm<Values, Parameters<typeof save.mutate>[0], unknown>({
    act: save,
    request: (values) => ({
      body: Object.fromEntries(
        changesOf(settings, values).map(({ setting, after }) => [
          setting.key,
          fromField(after, setting.value_type),
        ]),
      ),
    }),
  })
  const ask = (values: Values) => {
    if (changesOf(settings, values).length > 0) setAsked(values)
  }
  const begin = Object.fromEntries(
    settings.map((setting) => [setting.key, toField(setting.value, setting.value_type)]),
  )
  return (
    <ServerForm<Values> id={id} parts={{ ...parts, submit: ask }} initialValues={begin}>
      <SettingGroups
        settings={settings}
        row={(setting) => <SettingField key={setting.key} setting={setting} />}
      />
      <Form.Item noStyle shouldUpdate>
        {(form) => {
          const count = changesOf(settings, form.getFieldsValue() as Values).length
          return count > 0 && <SaveBar count={count} isSaving={save.isPending} onDiscard={form.resetFields} />
        }}
      </Form.Item>
      {asked && (
        <SaveQuestion
          changes={changesOf(settings, asked)}
          onSubmit={() => {
            parts.submit(asked)
          }}
          onClose={() => {
            setAsked(undefined)
          }}
        />
      )}
    </ServerForm>
  )
}

function SaveQuestion({
  changes,
  ...props
}: {
  changes: Change[]
  onSubmit: () => void
  onClose: () => void
}) {
  const { t } = useTranslation(['admin', 'common'])
  return (
    <QuestionModal
      {...props}
      width={640}
      title={t('settings.confirmTitle', { count: changes.length })}
      submitLabel={t('settings.save')}
    >
      <ChangeList changes={changes} />
    </QuestionModal>
  )
}

/** Stays in sight while something is unsaved. */
function SaveBar({
  count,
  isSaving,
  onDiscard,
}: {
  count: number
  isSaving: boolean
  onDiscard: () => void
}) {
  const { t } = useTranslation(['admin', 'common'])
  const { token } = theme.useToken()
  return (
    <Flex
      role="status"
      justify="space-between"
      align="center"
      gap={12}
      wrap
      style={{
        position: 'sticky',
        insetBlockEnd: 0,
        marginBlockStart: 16,
        padding: '12px 16px',
        background: token.colorBgElevated,
        border: `1px solid ${token.colorBorderSecondary}`,
        borderRadius: token.borderRadiusLG,
        boxShadow: token.boxShadowSecondary,
        zIndex: 5,
      }}
    >
      <strong>{t('settings.changes', { count })}</strong>
      <Flex gap={8}>
        <Button
          onClick={() => {
            onDiscard()
          }}
        >
          {t('settings.discard')}
        </Button>
        <Button type="primary" htmlType="submit" loading={isSaving}>
          {t('settings.save')}
        </Button>
      </Flex>
    </Flex>
  )
}

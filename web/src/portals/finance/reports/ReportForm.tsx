import { Button, Checkbox, Flex, Form, Radio } from 'antd'
import { useTranslation } from 'react-i18next'
import { generateReport, type ReportFormat, type ReportType, type Section } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import DayField from '../parts/DayField'
import { flawOf, periodOf, presetPeriods, usualPeriod } from './period'
import { formats, sections, types } from './values'

interface Values {
  report_type: ReportType
  /** A day of the period, or its first. */
  start_date: string
  end_date: string
  format: ReportFormat
  include_sections: Section[]
}

export default function ReportForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['finance', 'common'])
  const generate = useAct(generateReport, { done: t('reports.generated') })
  return (
    <FormModal
      title={t('reports.generate')}
      submitLabel={t('reports.generate')}
      act={generate}
      request={({ report_type, start_date, end_date, ...rest }: Values) => ({
        body: { report_type, ...periodOf(report_type, start_date, end_date), ...rest },
      })}
      initialValues={{
        report_type: 'monthly',
        ...usualPeriod('monthly'),
        format: 'pdf',
        include_sections: [...sections],
      }}
      onClose={onClose}
    >
      <TypeField />
      <PeriodFields />
      <Form.Item name="format" label={t('reports.format')}>
        <Radio.Group options={formats.map((value) => ({ value, label: t(`reports.formats.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name="include_sections"
        label={t('reports.sections')}
        // A rule of its own: a group of boxes must not be marked as required for screen readers.
        rules={[
          {
            validator: (_, chosen: Section[]) =>
              chosen.length > 0
                ? Promise.resolve()
                : Promise.reject(new Error(t('reports.sectionsRequired'))),
          },
        ]}
      >
        <Checkbox.Group
          options={sections.map((value) => ({ value, label: t(`reports.section.${value}`) }))}
        />
      </Form.Item>
    </FormModal>
  )
}

/** Another type begins with the days that it is usually about. */
function TypeField() {
  const { t } = useTranslation(['finance', 'common'])
  const form = Form.useFormInstance<Values>()
  return (
    <Form.Item name="report_type" label={t('reports.type')}>
      <Radio.Group
        optionType="button"
        buttonStyle="solid"
        options={types.map((value) => ({ value, label: t(`reports.types.${value}`) }))}
        onChange={(event) => {
          form.setFieldsValue(usualPeriod(event.target.value as ReportType))
        }}
      />
    </Form.Item>
  )
}

const startLabels = {
  daily: 'reports.day',
  weekly: 'reports.weekDay',
  monthly: 'reports.month',
  custom: 'reports.start',
} as const

function PeriodFields() {
  const { t } = useTranslation(['finance', 'common'])
  const form = Form.useFormInstance<Values>()
  const type = Form.useWatch<ReportType | undefined>('report_type') ?? 'monthly'
  const start = Form.useWatch<string | undefined>('start_date')
  if (type !== 'custom') {
    return (
      <Form.Item
        name="start_date"
        label={t(startLabels[type])}
        extra={start && <Covers type={type} start={start} />}
      >
        <DayField />
      </Form.Item>
    )
  }
  return (
    <>
      <Flex gap={12} wrap>
        <Form.Item name="start_date" label={t('reports.start')} style={{ flex: 1, marginBlockEnd: 8 }}>
          <DayField />
        </Form.Item>
        <Form.Item
          name="end_date"
          label={t('reports.end')}
          dependencies={['start_date']}
          style={{ flex: 1, marginBlockEnd: 8 }}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_, end: string) => {
                const flaw = flawOf({ start_date: getFieldValue('start_date') as string, end_date: end })
                return flaw ? Promise.reject(new Error(t(`reports.${flaw}`))) : Promise.resolve()
              },
            }),
          ]}
        >
          <DayField />
        </Form.Item>
      </Flex>
      <Flex gap={4} wrap style={{ marginBlockEnd: 16, marginInlineStart: -7 }}>
        {presetPeriods().map(([name, period]) => (
          <Button
            key={name}
            type="link"
            size="small"
            onClick={() => {
              form.setFieldsValue(period)
            }}
          >
            {t(`reports.presets.${name}`)}
          </Button>
        ))}
      </Flex>
    </>
  )
}

/** Says which days come of the one that was chosen. */
function Covers({ type, start }: { type: ReportType; start: string }) {
  const { t } = useTranslation(['finance', 'common'])
  const { start_date, end_date } = periodOf(type, start, start)
  return (
    <span aria-live="polite">
      {t(start_date === end_date ? 'reports.coversDay' : 'reports.covers', {
        start: start_date,
        end: end_date,
      })}
    </span>
  )
}

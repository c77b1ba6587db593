import { Form, Radio } from 'antd'
import { useTranslation } from 'react-i18next'
import { runReconciliation, type RunRequest } from '@/api/generated'
import { useAct } from '@/shared/api/act'
import { FormModal } from '@/shared/FormModal'
import { addToDate, today } from '@/shared/time'
import DayField from '../parts/DayField'

/** Reads the bill of a day and channel of one's choice. */
export default function RunForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['finance', 'common'])
  const run = useAct(runReconciliation, { done: t('reconciliation.runDone') })
  const yesterday = addToDate(today(), -1)
  const channels = ['wechat', 'alipay'] as const
  return (
    <FormModal
      title={t('reconciliation.run')}
      submitLabel={t('reconciliation.run')}
      act={run}
      request={(body: RunRequest) => ({ body })}
      initialValues={{ date: yesterday, payment_method: 'wechat' }}
      onClose={onClose}
    >
      <p style={{ marginBlockStart: 0 }}>{t('reconciliation.runHint')}</p>
      <Form.Item name="date" label={t('reconciliation.dateLabel')}>
        <DayField max={yesterday} />
      </Form.Item>
      <Form.Item name="payment_method" label={t('paymentMethod')}>
        <Radio.Group
          optionType="button"
          buttonStyle="solid"
          options={channels.map((value) => ({ value, label: t(`channel.${value}`) }))}
        />
      </Form.Item>
    </FormModal>
  )
}

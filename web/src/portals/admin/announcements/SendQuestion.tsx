import { useTranslation } from 'react-i18next'
import { QuestionModal } from '@/shared/QuestionModal'

interface Props {
  /** Of those who get it. */
  count: number
  onSubmit: () => void
  onClose: () => void
}

/** What is sent cannot be taken back, so it is asked once more, with the number of those who get it. */
export default function SendQuestion({ count, ...props }: Props) {
  const { t } = useTranslation(['admin', 'common'])
  return (
    <QuestionModal
      {...props}
      width={460}
      title={t('announcements.sendTitle')}
      submitLabel={t('announcements.send')}
    >
      {t('announcements.sendHint', { count })}
    </QuestionModal>
  )
}

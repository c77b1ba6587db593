import { useTranslation } from 'react-i18next'
import { Choice } from './Choice'
import { measures, useChoice, type Measure } from './query'

/** What is measured stands in the address, so that it is the same on the next page. */
export function useMeasure(): [Measure, (measure: Measure) => void] {
  return useChoice('measure', measures)
}

export function MeasureChoice() {
  const { t } = useTranslation(['analyst', 'common'])
  const [measure, choose] = useMeasure()
  return (
    <Choice
      label={t('measure.label')}
      value={measure}
      options={measures.map((value) => ({ value, label: t(`measure.${value}`) }))}
      onChange={choose}
    />
  )
}

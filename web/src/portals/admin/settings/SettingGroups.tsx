import { Flex } from 'antd'
import i18next from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SettingItem } from '@/api/generated'
import { Panel } from '@/shared/Panel'
import { grouped } from './model'

interface SettingGroupsProps {
  settings: SettingItem[]
  row: (setting: SettingItem) => ReactNode
}

/** A panel for each category. */
export function SettingGroups({ settings, row }: SettingGroupsProps) {
  const { t } = useTranslation(['admin', 'common'])
  const nameOf = (category: string) => {
    const path = `admin:settings.categories.${category}`
    return i18next.exists(path)
      ? t(`settings.categories.${category}` as 'settings.categories.general')
      : category
  }
  return (
    <Flex vertical gap={16}>
      {grouped(settings).map(([category, members]) => (
        <Panel key={category} title={nameOf(category)}>
          <div style={{ display: 'grid', gap: 16 }}>{members.map(row)}</div>
        </Panel>
      ))}
    </Flex>
  )
}

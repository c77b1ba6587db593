import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { distinctNames, readEntities } from './entities'
import { parameterOf, type AnalyticsQuery, type Kind } from './query'

const pageSize = 100
/** While a search finds fewer, the next page is looked through too. */
const enough = 10

interface EntitySelectProps {
  kind: Kind
  query: AnalyticsQuery
  onChange: (ids: string[] | undefined) => void
}

/** Chooses operators, sites or apps among those with games in the range, the costliest first. */
export function EntitySelect({ kind, query, onChange }: EntitySelectProps) {
  const { t } = useTranslation(['analyst', 'common'])
  const [isOpen, setIsOpen] = useState(false)
  const [text, setText] = useState('')
  const name = parameterOf[kind]
  const chosen = query[name] ?? []
  // What was chosen here does not narrow what can be chosen here.
  const others = { ...query, [name]: undefined }
  const list = useInfiniteQuery({
    queryKey: [{ _id: 'choices', kind, others }],
    queryFn: ({ pageParam }) => readEntities[kind]({ ...others, page: pageParam, page_size: pageSize }),
    initialPageParam: 1,
    getNextPageParam: (last, all) => (all.length * pageSize < last.total ? all.length + 1 : undefined),
    enabled: isOpen,
  })
  const named = useQuery({
    queryKey: [{ _id: 'chosen', kind, chosen, start: query.start_time, end: query.end_time }],
    queryFn: () =>
      readEntities[kind]({
        start_time: query.start_time,
        end_time: query.end_time,
        [name]: chosen,
        page_size: pageSize,
      }),
    enabled: chosen.length > 0,
  })
  const listed = list.data?.pages.flatMap(({ items }) => items) ?? []
  const known = [
    ...listed,
    ...(named.data?.items ?? []).filter(({ id }) => !listed.some((one) => one.id === id)),
  ]
  const names = distinctNames(known)
  const options = known.map(({ id }, index) => ({ value: id, label: names[index] ?? id }))
  // Whoever has no game in the range has no name here; the end of an id tells it from its neighbours.
  for (const id of chosen) {
    if (!known.some((one) => one.id === id)) options.push({ value: id, label: `…${id.slice(-6)}` })
  }
  const { hasNextPage, isFetching, fetchNextPage } = list
  const found = options.filter(({ label }) => label.toLowerCase().includes(text.toLowerCase())).length
  useEffect(() => {
    if (isOpen && text && found < enough && hasNextPage && !isFetching) void fetchNextPage()
  }, [isOpen, text, found, hasNextPage, isFetching, fetchNextPage])
  const label = t(`filters.${kind}`)
  return (
    <Select<string[]>
      mode="multiple"
      value={chosen}
      placeholder={label}
      aria-label={label}
      options={options}
      loading={isFetching}
      allowClear
      maxTagCount="responsive"
      showSearch={{ optionFilterProp: 'label', onSearch: setText }}
      popupMatchSelectWidth={false}
      notFoundContent={isFetching ? t('common:loading') : t('common:table.empty')}
      style={{ flex: '1 1 128px', minWidth: 128, maxWidth: 260 }}
      onOpenChange={setIsOpen}
      onPopupScroll={({ currentTarget }) => {
        const isNearEnd =
          currentTarget.scrollTop + currentTarget.clientHeight * 2 > currentTarget.scrollHeight
        if (isNearEnd && hasNextPage && !isFetching) void fetchNextPage()
      }}
      onChange={(ids) => {
        onChange(ids.length > 0 ? ids : undefined)
      }}
    />
  )
}

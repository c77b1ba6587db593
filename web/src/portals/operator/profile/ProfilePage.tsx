import { useQuery } from '@tanstack/react-query'
import { Button, Flex } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProfileAnswer } from '@/api/generated'
import { getProfileOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { CopyText } from '@/shared/CopyText'
import { DetailPage } from '@/shared/DetailPage'
import { Facts } from '@/shared/Facts'
import { later } from '@/shared/later'
import { LinkButton } from '@/shared/LinkButton'
import { Money } from '@/shared/Money'
import { Panel } from '@/shared/Panel'
import { StatusTag, type Tone } from '@/shared/StatusTag'
import { Time } from '@/shared/Time'
import { useTitle } from '@/shared/Page'
import { useLimits } from '../parts/useLimits'

const CloseAccount = later(() => import('./CloseAccount'))
const EditProfile = later(() => import('./EditProfile'))
const NewKey = later(() => import('./NewKey'))
const RegenerateKey = later(() => import('../parts/RegenerateKey'))

const categoryTones: Record<string, Tone> = { trial: 'quiet', normal: 'special', vip: 'good' }

type Open = 'edit' | 'regenerate' | 'close'

export default function ProfilePage() {
  const { t } = useTranslation(['operator', 'common'])
  const query = useQuery({ ...getProfileOptions(), select: unwrap })
  const translate = useTitle()
  return (
    <DetailPage
      query={query}
      title={() => translate('operator:profile.title')}
      tags={({ category }) => (
        <StatusTag tone={categoryTones[category] ?? 'quiet'}>
          {t(`common:category.${category as 'trial'}`)}
        </StatusTag>
      )}
    >
      {(profile) => <Profile profile={profile} />}
    </DetailPage>
  )
}

function Profile({ profile }: { profile: ProfileAnswer }) {
  const { t } = useTranslation(['operator', 'common'])
  const [open, setOpen] = useState<Open>()
  const [apiKey, setApiKey] = useState<string>()
  const close = () => {
    setOpen(undefined)
  }
  const opener = (what: Open, label: string, isDangerous = false) => (
    <Button
      danger={isDangerous}
      onClick={() => {
        setOpen(what)
      }}
    >
      {label}
    </Button>
  )
  return (
    <>
      <Panel title={t('profile.data')} extra={opener('edit', t('common:edit'))}>
        <ProfileFacts profile={profile} />
      </Panel>
      <Act title={t('apiKey.title')} hint={t('apiKey.hint')}>
        <LinkButton to="/operator/setup">{t('setup.title')}</LinkButton>
        {opener('regenerate', t('apiKey.regenerate'), true)}
      </Act>
      <Act title={t('profile.password')} hint={t('common:password.hint')}>
        <LinkButton to="/operator/password">{t('common:password.title')}</LinkButton>
      </Act>
      <Act title={t('close.title')} hint={t('close.hint')}>
        {opener('close', t('close.title'), true)}
      </Act>
      {open === 'edit' && <EditProfile profile={profile} onClose={close} />}
      {open === 'close' && <CloseAccount balance={profile.balance} onClose={close} />}
      {open === 'regenerate' && <RegenerateKey onClose={close} onKey={setApiKey} />}
      {apiKey !== undefined && (
        <NewKey
          apiKey={apiKey}
          onClose={() => {
            setApiKey(undefined)
          }}
        />
      )}
    </>
  )
}

function ProfileFacts({ profile }: { profile: ProfileAnswer }) {
  const { t } = useTranslation(['operator', 'common'])
  const threshold = useLimits().data?.low_balance_threshold
  return (
    <Facts
      items={[
        { label: t('profile.name'), value: profile.name },
        { label: t('profile.username'), value: profile.username },
        { label: t('profile.phone'), value: profile.phone },
        { label: t('profile.email'), value: profile.email },
        { label: t('profile.balance'), value: <Money amount={profile.balance} strong /> },
        { label: t('profile.threshold'), value: <Money amount={threshold} /> },
        { label: t('profile.createdAt'), value: <Time at={profile.created_at} /> },
        { label: t('profile.updatedAt'), value: <Time at={profile.updated_at} /> },
        { label: t('profile.id'), value: <CopyText text={profile.operator_id} />, isWide: true },
      ]}
    />
  )
}

/** Something that can be done with the account, and what it means. */
function Act({ title, hint, children }: { title: string; hint: string; children: React.ReactNode }) {
  return (
    <Panel title={title}>
      <Flex justify="space-between" align="center" gap={12} wrap>
        <span style={{ flex: '1 1 260px' }}>{hint}</span>
        <Flex gap={8} wrap>
          {children}
        </Flex>
      </Flex>
    </Panel>
  )
}

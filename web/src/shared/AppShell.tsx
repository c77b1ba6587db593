import {
  GlobalOutlined,
  MenuFoldOutlined,
  MenuOutlined,
  MenuUnfoldOutlined,
  UserOutlined,
} from '@ant-design/icons'
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { Button, Dropdown, Flex, Grid, Layout, Menu, Skeleton, Tag, Tooltip } from 'antd'
import type { MenuProps } from 'antd'
import { Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { signOut } from '@/api/generated'
import { ErrorBoundary } from './ErrorBoundary'
import { LanguageSwitch } from './LanguageSwitch'
import { later } from './later'
import { useLive, useLiveState } from './live/live'
import { Logo } from './Logo'
import { useTitle } from './Page'
import { NoAccess } from './NoAccess'
import { PortalContext } from './PortalContext'
import { admits, can } from './session/can'
import { roles, session, useSession } from './session/session'
import type { Portal, SitePage } from './site-map'
import { stored, useStored } from './stored'
import { chooseTheme, themeChoices, useThemeChoice } from './theme'
import { useToasts } from './toasts'

const PhoneMenu = later(() => import('./PhoneMenu'))

const collapsedStore = stored('collapsed', (text) => text === 'true')

/** The page of the site map that the address shows. */
function useCurrentPage(portal: Portal): SitePage | undefined {
  const path = useRouterState({ select: ({ matches }): string | undefined => matches.at(-1)?.fullPath })
  return portal.pages.find((page) => page.path === path)
}

/** Everything around the pages of a portal. */
export function AppShell({ portal }: { portal: Portal }) {
  useLive()
  const { t } = useTranslation()
  const screens = Grid.useBreakpoint()
  const [isDrawerOpen, setIsDrawerOpen] = useState(false)
  const chosen = useStored(collapsedStore)
  const page = useCurrentPage(portal)
  const isPhone = screens.md === false
  const isCollapsed = chosen || screens.lg === false
  const menu = (
    <PortalMenu
      portal={portal}
      page={page}
      onGo={() => {
        setIsDrawerOpen(false)
      }}
    />
  )
  return (
    <PortalContext value={{ portal, page }}>
      <a href="#main-content" className="skip-link">
        {t('skipToContent')}
      </a>
      <Layout style={{ minHeight: '100%' }}>
        {!isPhone && (
          <Sider isCollapsed={isCollapsed} canExpand={screens.lg !== false}>
            {menu}
          </Sider>
        )}
        <Layout style={{ minWidth: 0 }}>
          <Header
            portal={portal}
            isPhone={isPhone}
            onMenu={() => {
              setIsDrawerOpen(true)
            }}
          />
          <Layout.Content
            id="main-content"
            tabIndex={-1}
            style={{ padding: isPhone ? 12 : 20, outline: 'none' }}
          >
            <Content page={page} />
          </Layout.Content>
        </Layout>
      </Layout>
      {isPhone && (
        <PhoneMenu
          isOpen={isDrawerOpen}
          onClose={() => {
            setIsDrawerOpen(false)
          }}
        >
          {menu}
        </PhoneMenu>
      )}
    </PortalContext>
  )
}

function Content({ page }: { page: SitePage | undefined }) {
  const signedIn = useSession()
  if (page?.needs && !can(signedIn, page.needs)) return <NoAccess />
  return (
    <ErrorBoundary key={page?.path}>
      <Suspense fallback={<Skeleton active paragraph={{ rows: 8 }} />}>
        <Outlet />
      </Suspense>
    </ErrorBoundary>
  )
}

function Sider({
  isCollapsed,
  canExpand,
  children,
}: {
  isCollapsed: boolean
  canExpand: boolean
  children: ReactNode
}) {
  const { t } = useTranslation()
  const label = t(isCollapsed ? 'account.expand' : 'account.collapse')
  return (
    <Layout.Sider
      collapsed={isCollapsed}
      width={212}
      collapsedWidth={60}
      theme="light"
      style={{
        position: 'sticky',
        insetBlockStart: 0,
        height: '100vh',
        borderInlineEnd: '1px solid var(--line)',
      }}
    >
      <Flex vertical style={{ height: '100%' }}>
        <Flex align="center" style={{ height: 52, paddingInline: isCollapsed ? 16 : 20, flex: 'none' }}>
          <Logo isShort={isCollapsed} />
        </Flex>
        <nav aria-label={t('menu')} style={{ flex: 1, overflowY: 'auto' }}>
          {children}
        </nav>
        {canExpand && (
          <Tooltip title={label} placement="right">
            <Button
              type="text"
              aria-label={label}
              icon={isCollapsed ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
              style={{ margin: 8, alignSelf: isCollapsed ? 'center' : 'end' }}
              onClick={() => {
                collapsedStore.set(!isCollapsed)
              }}
            />
          </Tooltip>
        )}
      </Flex>
    </Layout.Sider>
  )
}

function PortalMenu({
  portal,
  page,
  onGo,
}: {
  portal: Portal
  page: SitePage | undefined
  onGo: () => void
}) {
  const translate = useTitle()
  const signedIn = useSession()
  const shown = portal.pages.filter((entry) => entry.icon && (!entry.needs || can(signedIn, entry.needs)))
  // A page without an entry of its own belongs to the one above it.
  const selected = page?.icon ? page.path : page?.parent
  return (
    <Menu
      mode="inline"
      selectedKeys={selected ? [selected] : []}
      style={{ borderInlineEnd: 0, background: 'transparent' }}
      items={shown.map(({ path, title, icon: Icon, badge: Badge }) => ({
        key: path,
        icon: Icon && <Icon />,
        extra: Badge && <Badge />,
        title: translate(title),
        label: (
          <Link to={path} onClick={onGo}>
            {translate(title)}
          </Link>
        ),
      }))}
    />
  )
}

function Header({ portal, isPhone, onMenu }: { portal: Portal; isPhone: boolean; onMenu: () => void }) {
  const { t } = useTranslation()
  const liveState = useLiveState()
  const Extras = portal.header
  return (
    <Layout.Header
      style={{
        display: 'flex',
        alignItems: 'center',
        gap: 8,
        lineHeight: 'normal',
        borderBlockEnd: '1px solid var(--line)',
        position: 'sticky',
        insetBlockStart: 0,
        zIndex: 10,
        paddingInline: isPhone ? 8 : 20,
      }}
    >
      {isPhone && <Button type="text" aria-label={t('menu')} icon={<MenuOutlined />} onClick={onMenu} />}
      <Tag style={{ marginInlineEnd: 'auto' }}>{t(`role.${portal.name}`)}</Tag>
      {liveState === 'polling' && (
        <Tooltip title={t('live.polling')}>
          <Tag color="warning" role="status" aria-label={t('live.polling')}>
            {t('live.every')}
          </Tag>
        </Tooltip>
      )}
      {Extras && <Extras />}
      {!isPhone && <LanguageSwitch icon={<GlobalOutlined />} />}
      <AccountMenu portal={portal} isPhone={isPhone} />
    </Layout.Header>
  )
}

function AccountMenu({ portal, isPhone }: { portal: Portal; isPhone: boolean }) {
  const { t } = useTranslation()
  const signedIn = useSession()
  const theme = useThemeChoice()
  const navigate = useNavigate()
  const leave = useSignOut()
  if (!signedIn) return null
  const others = roles.filter((role) => role !== portal.name && admits(role, signedIn))
  const items: MenuProps['items'] = [
    { key: 'who', type: 'group', label: <Who /> },
    { type: 'divider' },
    ...others.map((role) => ({
      key: `to-${role}`,
      label: t('account.toPortal', { portal: t(`role.${role}`) }),
      onClick: () => void navigate({ to: `/${role}` }),
    })),
    {
      key: 'password',
      label: t('account.password'),
      onClick: () => void navigate({ to: `/${portal.name}/password` }),
    },
    {
      key: 'theme',
      type: 'group',
      label: t('theme.label'),
      children: themeChoices.map((choice) => ({
        key: choice,
        label: `${choice === theme ? '✓ ' : '\u2003'}${t(`theme.${choice}`)}`,
        onClick: () => {
          chooseTheme(choice)
        },
      })),
    },
    { type: 'divider' },
    { key: 'sign-out', label: t('account.signOut'), onClick: leave },
  ]
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <Button type="text" icon={<UserOutlined />} aria-label={t('account.menu')}>
        {!isPhone && (
          <span style={{ maxWidth: 160, overflow: 'hidden', textOverflow: 'ellipsis' }}>{signedIn.name}</span>
        )}
      </Button>
    </Dropdown>
  )
}

function Who() {
  const { t } = useTranslation()
  const signedIn = useSession()
  if (!signedIn) return null
  // Support staff carry the role `operator`, which elsewhere means the venue's operator.
  const role = signedIn.staffRole === 'operator' ? 'support' : (signedIn.staffRole ?? signedIn.role)
  return (
    <Flex vertical>
      <strong>{signedIn.name}</strong>
      <span>
        {signedIn.username} · {t(`role.${role}` as 'role.admin')}
      </span>
    </Flex>
  )
}

/** Ends the token on the server too. When the server is away it is forgotten here nevertheless. */
function useSignOut(): () => void {
  const { message } = useToasts()
  return () => {
    void signOut()
      .catch(() => undefined)
      .then(() => {
        message.destroy()
        session.end()
      })
  }
}

import { Link } from '@tanstack/react-router'
import { Breadcrumb, Flex } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useDocumentTitle } from './document-title'
import { usePortal } from './PortalContext'
import type { Portal, SitePage, TitleKey } from './site-map'

/** Translates a key of the site map. */
export function useTitle(): (key: TitleKey) => string {
  const { t } = useTranslation(['common', 'operator', 'admin', 'finance', 'analyst'])
  return (key) => t(key)
}

function ancestors(portal: Portal, page: SitePage | undefined): SitePage[] {
  const parent = portal.pages.find((other) => other.path === page?.parent)
  return parent ? [...ancestors(portal, parent), parent] : []
}

interface PageProps {
  /** The site map's title unless given; a page about one thing gives its name. */
  title?: string
  /** Beside the title, such as a state. */
  tags?: ReactNode
  /** Buttons for the whole page. */
  actions?: ReactNode
  children: ReactNode
}

/** Every page of a portal: breadcrumb, heading, actions, and the document's title. */
export function Page({ title, tags, actions, children }: PageProps) {
  const { portal, page } = usePortal()
  const translate = useTitle()
  const shown = title ?? (page ? translate(page.title) : '')
  useDocumentTitle(shown)
  const crumbs = [
    { title: <Link to={`/${portal.name}`}>{translate(`role.${portal.name}`)}</Link> },
    ...ancestors(portal, page).map((above) => ({
      title: <Link to={above.path}>{translate(above.title)}</Link>,
    })),
    { title: shown },
  ]
  return (
    <Flex vertical gap={16}>
      <div>
        <Breadcrumb items={crumbs} className="no-print" style={{ marginBlockEnd: 4 }} />
        <Flex justify="space-between" align="center" gap={12} wrap>
          <Flex align="center" gap={12} wrap>
            <h1 style={{ margin: 0, fontSize: 20, fontWeight: 600, lineHeight: '32px' }}>{shown}</h1>
            {tags}
          </Flex>
          {actions && (
            <Flex gap={8} wrap className="no-print">
              {actions}
            </Flex>
          )}
        </Flex>
      </div>
      {children}
    </Flex>
  )
}

import { Button } from 'antd'
import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Notice } from './Notice'

export function Broken() {
  const { t } = useTranslation()
  return (
    <Notice title={t('broken')} hint={t('brokenHint')}>
      <Button
        type="primary"
        onClick={() => {
          window.location.reload()
        }}
      >
        {t('refresh')}
      </Button>
    </Notice>
  )
}

/** Keeps a bug on one page from taking everything down. Give it a `key` that changes with the page. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false }

  static getDerivedStateFromError() {
    return { isBroken: true }
  }

  override render() {
    return this.state.isBroken ? <Broken /> : this.props.children
  }
}

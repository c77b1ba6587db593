import { Button } from 'antd'
import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

export function Broken() {
  const { t } = useTranslation()
  return (
    <div role="alert" style={{ padding: '64px 16px', textAlign: 'center' }}>
      <h1 style={{ fontSize: 20 }}>{t('broken')}</h1>
      <p>{t('brokenHint')}</p>
      <Button
        type="primary"
        onClick={() => {
          window.location.reload()
        }}
      >
        {t('refresh')}
      </Button>
    </div>
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

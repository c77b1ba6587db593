import { Button, Flex, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { later } from '@/shared/later'
import { KeyOnce } from '../parts/KeyOnce'
import { Step } from './Step'

const RegenerateKey = later(() => import('../parts/RegenerateKey'))

interface KeyStepProps {
  apiKey: string
  onKey: (key: string) => void
}

/** The key lives in this page's memory only: leaving the page forgets it. */
export function KeyStep({ apiKey, onKey }: KeyStepProps) {
  const { t } = useTranslation(['operator', 'common'])
  const [isRegenerating, setIsRegenerating] = useState(false)
  const [made, setMade] = useState<string>()
  const isWrong = apiKey !== '' && apiKey.length !== 64
  return (
    <Step number={3} title={t('setup.key.title')} isDone={apiKey.length === 64}>
      <Flex vertical gap={16}>
        {made === undefined ? (
          <>
            <span>{t('setup.key.hint')}</span>
            <Form.Item
              label={t('setup.key.label')}
              htmlFor="setup-key"
              layout="vertical"
              style={{ margin: 0, maxWidth: 560 }}
              extra={t('setup.key.stays')}
              validateStatus={isWrong ? 'error' : undefined}
              help={isWrong ? t('setup.key.wrong') : undefined}
            >
              <Input.Password
                id="setup-key"
                value={apiKey}
                autoComplete="off"
                onChange={(event) => {
                  onKey(event.target.value.trim())
                }}
              />
            </Form.Item>
          </>
        ) : (
          <KeyOnce apiKey={made} />
        )}
        <div>
          <Button
            danger
            onClick={() => {
              setIsRegenerating(true)
            }}
          >
            {t('apiKey.regenerate')}
          </Button>
        </div>
      </Flex>
      {isRegenerating && (
        <RegenerateKey
          onClose={() => {
            setIsRegenerating(false)
          }}
          onKey={(key) => {
            setMade(key)
            onKey(key)
          }}
        />
      )}
    </Step>
  )
}

import { Anchor } from '@mantine/core'
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Empty, Failure } from '../lib/States'

export function NotHere() {
  const { t } = useTranslation()
  return (
    <main className="lost">
      <Empty
        title={t('common.notHere.title')}
        about={t('common.notHere.about')}
        action={
          <Anchor component={Link} to="/">
            {t('common.notHere.home')}
          </Anchor>
        }
      />
    </main>
  )
}

export function Broken({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  return (
    <main className="lost">
      <Failure
        error={error}
        retry={() => {
          reset()
          void router.invalidate()
        }}
      />
    </main>
  )
}

import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { onSignedOut } from '../api/client'
import { sessionQuery } from '../lib/session'
import { cssVariablesResolver, theme } from '../lib/theme'
import { queries } from './queries'
import { router } from './router'

onSignedOut(() => {
  // The router asks for the session again and leads to where one can sign in.
  const known = queries.getQueryData(sessionQuery.queryKey)
  // Nobody was signed in: the session's own question is answered where it was asked.
  if (!known) return
  void queries.resetQueries({ queryKey: sessionQuery.queryKey }).then(() => router.invalidate())
})

export function App({ nonce }: { nonce: string }) {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = t('common.title')
  }, [t])
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      cssVariablesResolver={cssVariablesResolver}
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-center" limit={3} />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  )
}

// A link from the owner, for somebody who lost the password.
import { Anchor, Button, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask } from '../../api/client'
import { Failure, Waiting } from '../../lib/States'
import { useLanguage } from '../../lib/session'
import { Door } from './Door'
import { Refusal } from './SignInPage'

const route = getRouteApi('/reset/$token')

export function ResetPage() {
  const { token } = route.useParams()
  const { t } = useTranslation()
  const language = useLanguage()
  const [password, setPassword] = useState('')
  const link = useQuery({
    queryKey: ['reset', token, language],
    queryFn: () => ask(api.GET('/api/v1/reset-links/{token}', { params: { path: { token } } })),
    retry: false,
  })
  const reset = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/reset-links/{token}', { params: { path: { token } }, body: { password } })),
  })
  return (
    <Door>
      {link.isPending && <Waiting rows={3} />}
      {link.error && <Failure error={link.error} />}
      {reset.isSuccess && (
        <Stack role="status">
          <Title order={1} size="h2">
            {t('signIn.reset.done')}
          </Title>
          <Anchor component={Link} to="/sign-in">
            {t('signIn.title')}
          </Anchor>
        </Stack>
      )}
      {link.data && !reset.isSuccess && (
        <form
          onSubmit={event => {
            event.preventDefault()
            reset.mutate()
          }}
        >
          <Stack>
            <div>
              <Title order={1} size="h2">
                {t('signIn.reset.title')}
              </Title>
              <Text c="dimmed" size="sm">
                {t('signIn.reset.about', { login: link.data.login })}
              </Text>
            </div>
            <Refusal error={reset.error} />
            <PasswordInput
              label={t('settings.security.new')}
              description={t('signIn.passwordRule')}
              autoComplete="new-password"
              required
              visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
              value={password}
              onChange={event => setPassword(event.currentTarget.value)}
            />
            <Button type="submit" size="md" loading={reset.isPending}>
              {t('common.save')}
            </Button>
          </Stack>
        </form>
      )}
    </Door>
  )
}

// Somebody was invited: they choose how to sign in, or join with the login that they have.
import { Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask } from '../../api/client'
import { useNames } from '../../lib/names'
import { Failure, Waiting } from '../../lib/States'
import { sessionQuery, useLanguage } from '../../lib/session'
import { Door } from './Door'
import { Refusal, useEnter } from './SignInPage'

const route = getRouteApi('/invitation/$token')

export function InvitationPage() {
  const { token } = route.useParams()
  const { t } = useTranslation()
  const names = useNames()
  const language = useLanguage()
  const enter = useEnter()
  const session = useQuery(sessionQuery)
  const [name, setName] = useState('')
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const invitation = useQuery({
    queryKey: ['invitation', token, language],
    queryFn: () => ask(api.GET('/api/v1/invitations/{invitation}', { params: { path: { invitation: token } } })),
    retry: false,
  })
  const accept = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/api/v1/invitations/{invitation}', {
          params: { path: { invitation: token } },
          body: { login: login.trim(), name: name.trim(), password, language },
        }),
      ),
    onSuccess: answer => answer.session && enter(answer.session),
  })
  const join = useMutation({
    mutationFn: () =>
      ask(api.POST('/api/v1/invitations/{invitation}/join', { params: { path: { invitation: token } } })),
    onSuccess: joined => enter(joined),
  })
  return (
    <Door>
      {invitation.isPending && <Waiting rows={4} />}
      {invitation.error && <Failure error={invitation.error} />}
      {invitation.data && (
        <Stack>
          <div>
            <Title order={1} size="h2">
              {t('signIn.invitation.title', { tenant: invitation.data.tenant_name })}
            </Title>
            <Text c="dimmed" size="sm">
              {t('signIn.invitation.about', { role: names.role(invitation.data.role) })}
            </Text>
          </div>
          <Refusal error={accept.error ?? join.error} />
          {session.data ? (
            <Button size="md" loading={join.isPending} onClick={() => join.mutate()}>
              {t('signIn.invitation.join', { name: session.data.user.name })}
            </Button>
          ) : (
            <form
              onSubmit={event => {
                event.preventDefault()
                accept.mutate()
              }}
            >
              <Stack>
                <TextInput
                  label={t('signIn.invitation.name')}
                  autoComplete="name"
                  required
                  value={name}
                  onChange={event => setName(event.currentTarget.value)}
                />
                <TextInput
                  label={t('signIn.login')}
                  autoComplete="username"
                  autoCapitalize="none"
                  required
                  value={login}
                  onChange={event => setLogin(event.currentTarget.value)}
                />
                <PasswordInput
                  label={t('signIn.password')}
                  description={t('signIn.passwordRule')}
                  autoComplete="new-password"
                  required
                  visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
                  value={password}
                  onChange={event => setPassword(event.currentTarget.value)}
                />
                <Button type="submit" size="md" loading={accept.isPending}>
                  {t('signIn.invitation.enter')}
                </Button>
              </Stack>
            </form>
          )}
        </Stack>
      )}
    </Door>
  )
}

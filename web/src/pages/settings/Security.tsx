// One's own way in: password, second factor, and where one is signed in.
import { Badge, Button, Code, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask } from '../../api/client'
import { Failure, Waiting } from '../../lib/States'
import { keep, sessionQuery, useSession } from '../../lib/session'
import { failed, said } from '../../lib/Undo'
import { When } from '../../lib/When'

export function Security() {
  return (
    <Stack gap="lg" maw={720}>
      <Password />
      <SecondFactor />
      <Sessions />
    </Stack>
  )
}

function Password() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [old, setOld] = useState('')
  const [next, setNext] = useState('')
  const change = useMutation({
    mutationFn: () => ask(api.PUT('/api/v1/session/password', { body: { old, new: next } })),
    onSuccess: async session => {
      queries.setQueryData(sessionQuery.queryKey, keep(session))
      setOld('')
      setNext('')
      said(t('settings.security.passwordChanged'))
      await queries.invalidateQueries({ queryKey: ['sessions'] })
    },
  })
  return (
    <section className="sheet" aria-labelledby="password">
      <form
        onSubmit={event => {
          event.preventDefault()
          change.mutate()
        }}
      >
        <Stack>
          <Title order={2} size="h3" id="password">
            {t('settings.security.password')}
          </Title>
          {change.error && <Failure error={change.error} />}
          <PasswordInput
            label={t('settings.security.old')}
            autoComplete="current-password"
            required
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
            value={old}
            onChange={event => setOld(event.currentTarget.value)}
          />
          <PasswordInput
            label={t('settings.security.new')}
            description={t('signIn.passwordRule')}
            autoComplete="new-password"
            required
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
            value={next}
            onChange={event => setNext(event.currentTarget.value)}
          />
          <Group>
            <Button type="submit" loading={change.isPending}>
              {t('settings.security.change')}
            </Button>
          </Group>
        </Stack>
      </form>
    </section>
  )
}

function SecondFactor() {
  const { t } = useTranslation()
  const session = useSession()
  const queries = useQueryClient()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const refresh = () => queries.invalidateQueries({ queryKey: ['session'] })
  const begin = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/session/totp', { body: { password } })),
  })
  const confirm = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/session/totp/confirm', { body: { code: code.trim() } })),
    onSuccess: refresh,
  })
  const end = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/session/totp/remove', { body: { password } })),
    onSuccess: () => {
      setPassword('')
      begin.reset()
      confirm.reset()
      said(t('settings.security.factorEnded'))
      return refresh()
    },
  })
  const on = session.second_factor
  const error = begin.error ?? confirm.error ?? end.error
  return (
    <section className="sheet" aria-labelledby="factor">
      <Stack>
        <Group gap="xs">
          <Title order={2} size="h3" id="factor">
            {t('settings.security.factor')}
          </Title>
          <Badge className={`mark ${on ? 'mark-good' : ''}`}>
            {t(on ? 'settings.people.factorOn' : 'settings.people.factorOff')}
          </Badge>
        </Group>
        <Text c="dimmed" size="sm">
          {t('settings.security.factorAbout')}
        </Text>
        {error && <Failure error={error} />}
        {confirm.data && (
          <div>
            <Text fw={600}>{t('settings.security.recovery')}</Text>
            <Text size="sm" c="dimmed" mb="xs">
              {t('settings.security.recoveryAbout')}
            </Text>
            <Code block>{confirm.data.recovery_codes.join('\n')}</Code>
          </div>
        )}
        {begin.data && !confirm.data ? (
          <form
            onSubmit={event => {
              event.preventDefault()
              confirm.mutate()
            }}
          >
            <Stack>
              <Text size="sm">{t('settings.security.secret')}</Text>
              <Code block>{begin.data.secret}</Code>
              <Text size="sm">
                <a href={begin.data.url}>{t('settings.security.openApp')}</a>
              </Text>
              <TextInput
                label={t('signIn.factor.code')}
                autoComplete="one-time-code"
                required
                value={code}
                onChange={event => setCode(event.currentTarget.value)}
              />
              <Group>
                <Button type="submit" loading={confirm.isPending}>
                  {t('settings.security.confirm')}
                </Button>
              </Group>
            </Stack>
          </form>
        ) : (
          <form
            onSubmit={event => {
              event.preventDefault()
              if (on) end.mutate()
              else begin.mutate()
            }}
          >
            <Group align="flex-end">
              <PasswordInput
                label={t('signIn.password')}
                autoComplete="current-password"
                required
                w={260}
                visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
                value={password}
                onChange={event => setPassword(event.currentTarget.value)}
              />
              <Button type="submit" variant={on ? 'default' : 'filled'} loading={begin.isPending || end.isPending}>
                {t(on ? 'settings.security.factorEnd' : 'settings.security.factorBegin')}
              </Button>
            </Group>
          </form>
        )}
      </Stack>
    </section>
  )
}

function Sessions() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const sessions = useQuery({
    queryKey: ['sessions'],
    queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/session/list', { signal }))).items,
  })
  const settle = () => queries.invalidateQueries({ queryKey: ['sessions'] })
  const end = useMutation({
    mutationFn: (id: string) =>
      ask(api.DELETE('/api/v1/session/list/{session}', { params: { path: { session: id } } })),
    onSuccess: () => said(t('settings.security.ended')),
    onError: failed,
    onSettled: settle,
  })
  const others = useMutation({
    mutationFn: () => ask(api.DELETE('/api/v1/session/list')),
    onSuccess: () => said(t('settings.security.othersEnded')),
    onError: failed,
    onSettled: settle,
  })
  return (
    <section className="sheet" aria-labelledby="sessions">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h3" id="sessions">
          {t('settings.security.sessions')}
        </Title>
        {(sessions.data?.length ?? 0) > 1 && (
          <Button size="compact-md" variant="default" loading={others.isPending} onClick={() => others.mutate()}>
            {t('settings.security.endOthers')}
          </Button>
        )}
      </Group>
      {sessions.isPending && <Waiting rows={2} />}
      {sessions.error && <Failure error={sessions.error} retry={() => sessions.refetch()} />}
      <Stack gap="sm">
        {(sessions.data ?? []).map(session => (
          <Group key={session.id} justify="space-between" wrap="nowrap">
            <div>
              <Text className="who" size="sm">
                {session.agent || t('settings.security.unknownAgent')}
              </Text>
              <Text size="xs" c="dimmed">
                {session.address} · {t('settings.security.seen')} <When at={session.last_seen_at} />
              </Text>
            </div>
            {session.current ? (
              <Badge className="mark mark-good">{t('settings.security.here')}</Badge>
            ) : (
              <Button
                size="compact-sm"
                variant="subtle"
                onClick={() => end.mutate(session.id)}
                aria-label={t('settings.security.endOf', { agent: session.agent })}
              >
                {t('settings.security.end')}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
    </section>
  )
}

import { Alert, Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate, useRouter } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api, ask, type Schemas } from '../../api/client'
import { setLanguage } from '../../lib/i18n'
import { isInside, keep, type Session, sessionQuery } from '../../lib/session'
import { Door } from './Door'

const route = getRouteApi('/sign-in')

/** Puts a new session to work and goes where one wanted to go. */
export function useEnter() {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const router = useRouter()
  return async (session: Session, next?: string) => {
    queries.clear()
    queries.setQueryData(sessionQuery.queryKey, keep(session))
    await setLanguage(session.user.language)
    if (!isInside(session)) return navigate({ to: '/welcome' })
    if (next) return router.history.push(next)
    return navigate({ to: '/', search: {} })
  }
}

export function problemText(error: unknown): { title: string; advice: string } | null {
  if (!error) return null
  if (error instanceof ApiError) return { title: error.problem.title, advice: error.problem.advice }
  return { title: String(error), advice: '' }
}

export function Refusal({ error }: { error: unknown }) {
  const problem = problemText(error)
  if (!problem) return null
  return (
    <Alert variant="default" className="failure" title={problem.title} role="alert">
      {problem.advice}
    </Alert>
  )
}

export function SignInPage() {
  const { t } = useTranslation()
  const { next }: { next?: string } = route.useSearch()
  const enter = useEnter()
  const [ticket, setTicket] = useState<string | null>(null)
  useEffect(() => {
    document.title = `${t('signIn.title')} · Kith`
  }, [t])
  const done = (answer: Schemas['SignIn']) => {
    if (answer.session) return enter(answer.session, next)
    setTicket(answer.ticket)
  }
  return (
    <Door>
      {ticket === null ? (
        <Password done={done} />
      ) : (
        <SecondFactor ticket={ticket} done={done} back={() => setTicket(null)} />
      )}
    </Door>
  )
}

function Password({ done }: { done: (answer: Schemas['SignIn']) => unknown }) {
  const { t } = useTranslation()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/session', { body: { login: login.trim(), password } })),
    onSuccess: done,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <div>
          <Title order={1} size="h2">
            {t('signIn.title')}
          </Title>
          <Text c="dimmed" size="sm">
            {t('signIn.about')}
          </Text>
        </div>
        <Refusal error={signIn.error} />
        <TextInput
          label={t('signIn.login')}
          name="login"
          autoComplete="username"
          autoCapitalize="none"
          required
          data-autofocus
          autoFocus
          value={login}
          onChange={event => setLogin(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('signIn.password')}
          name="password"
          autoComplete="current-password"
          required
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
          value={password}
          onChange={event => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={signIn.isPending}>
          {t('signIn.enter')}
        </Button>
        <Text size="sm" c="dimmed">
          {t('signIn.lost')}
        </Text>
      </Stack>
    </form>
  )
}

function SecondFactor({
  ticket,
  done,
  back,
}: {
  ticket: string
  done: (answer: Schemas['SignIn']) => unknown
  back: () => void
}) {
  const { t } = useTranslation()
  const [code, setCode] = useState('')
  const check = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/session/second-factor', { body: { ticket, code: code.trim() } })),
    onSuccess: done,
  })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        check.mutate()
      }}
    >
      <Stack>
        <div>
          <Title order={1} size="h2">
            {t('signIn.factor.title')}
          </Title>
          <Text c="dimmed" size="sm">
            {t('signIn.factor.about')}
          </Text>
        </div>
        <Refusal error={check.error} />
        <TextInput
          label={t('signIn.factor.code')}
          name="code"
          autoComplete="one-time-code"
          required
          autoFocus
          value={code}
          onChange={event => setCode(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={check.isPending}>
          {t('signIn.factor.enter')}
        </Button>
        <Button variant="subtle" onClick={back}>
          {t('signIn.factor.back')}
        </Button>
      </Stack>
    </form>
  )
}

// First start: one's own password, one's own business (or the sample), the first file. Three steps, each on one screen.
import { Button, Group, PasswordInput, Select, SimpleGrid, Stack, Stepper, Text, TextInput, Title } from '@mantine/core'
import { IconFileImport, IconLeaf, IconPencil } from '@tabler/icons-react'
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask } from '../../api/client'
import { useSwitchTenant } from '../../app/Shell'
import { COUNTRIES, CURRENCIES, here, nameOfCountry, nameOfCurrency, ZONES } from '../../lib/places'
import { keep, type Session, sessionQuery, useLanguage } from '../../lib/session'
import { Door } from '../sign-in/Door'
import { Refusal } from '../sign-in/SignInPage'
import { slugOf } from './slug'

export function WelcomePage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { data: session } = useSuspenseQuery(sessionQuery)
  const [step, setStep] = useState(session?.must_change_password ? 0 : 1)
  if (!session) return null
  // A new password gives a new session: only then is it known what one may do.
  const afterPassword = (now: Session) =>
    now.tenant && now.role !== 'owner' ? navigate({ to: '/', search: {} }) : setStep(1)
  return (
    <Door wide>
      <Stepper
        active={step}
        size="sm"
        iconSize={30}
        mb="lg"
        allowNextStepsSelect={false}
        aria-label={t('welcome.steps')}
      >
        <Stepper.Step label={t('welcome.step.password')} />
        <Stepper.Step label={t('welcome.step.business')} />
        <Stepper.Step label={t('welcome.step.file')} />
      </Stepper>
      {step === 0 && <OwnPassword done={afterPassword} />}
      {step === 1 && session.tenant === null && <Pick session={session} />}
      {step === 1 && session.tenant !== null && (
        <Business sample={() => navigate({ to: '/', search: {} })} done={() => setStep(2)} />
      )}
      {step === 2 && (
        <Stack>
          <Title order={1} size="h2">
            {t('welcome.file.title')}
          </Title>
          <Text c="dimmed">{t('welcome.file.about')}</Text>
          <Group>
            <Button
              size="md"
              leftSection={<IconFileImport size={18} />}
              onClick={() => navigate({ to: '/import', search: {} })}
            >
              {t('welcome.file.go')}
            </Button>
            <Button size="md" variant="default" onClick={() => navigate({ to: '/', search: {} })}>
              {t('welcome.file.later')}
            </Button>
          </Group>
        </Stack>
      )}
    </Door>
  )
}

/** For those who belong to several businesses and have chosen none. */
function Pick({ session }: { session: Session }) {
  const { t } = useTranslation()
  const switchTenant = useSwitchTenant()
  return (
    <Stack>
      <div>
        <Title order={1} size="h2">
          {t('welcome.pick.title')}
        </Title>
        <Text c="dimmed">{t(session.tenants.length > 0 ? 'welcome.pick.about' : 'welcome.pick.none')}</Text>
      </div>
      {session.tenants.map(tenant => (
        <Button key={tenant.id} variant="default" size="md" onClick={() => switchTenant(tenant.id)}>
          {tenant.name}
        </Button>
      ))}
    </Stack>
  )
}

function OwnPassword({ done }: { done: (session: Session) => unknown }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [old, setOld] = useState('')
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const change = useMutation({
    mutationFn: () => ask(api.PUT('/api/v1/session/password', { body: { old, new: password } })),
    onSuccess: session => {
      queries.setQueryData(sessionQuery.queryKey, keep(session))
      return done(session)
    },
  })
  const differs = again !== '' && again !== password
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (!differs) change.mutate()
      }}
    >
      <Stack>
        <div>
          <Title order={1} size="h2">
            {t('welcome.password.title')}
          </Title>
          <Text c="dimmed">{t('welcome.password.about')}</Text>
        </div>
        <Refusal error={change.error} />
        <PasswordInput
          label={t('welcome.password.old')}
          autoComplete="current-password"
          required
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
          value={old}
          onChange={event => setOld(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('welcome.password.new')}
          description={t('signIn.passwordRule')}
          autoComplete="new-password"
          required
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
          value={password}
          onChange={event => setPassword(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('welcome.password.again')}
          autoComplete="new-password"
          required
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
          value={again}
          error={differs ? t('welcome.password.differs') : undefined}
          onChange={event => setAgain(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={change.isPending}>
          {t('welcome.next')}
        </Button>
      </Stack>
    </form>
  )
}

function Business({ sample, done }: { sample: () => unknown; done: () => unknown }) {
  const { t } = useTranslation()
  const { data: session } = useSuspenseQuery(sessionQuery)
  const [own, setOwn] = useState(!session?.tenant?.sample)
  if (own) return <OwnBusiness back={session?.tenant?.sample ? () => setOwn(false) : undefined} done={done} />
  return (
    <Stack>
      <div>
        <Title order={1} size="h2">
          {t('welcome.choose.title')}
        </Title>
        <Text c="dimmed">{t('welcome.choose.about')}</Text>
      </div>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Stack className="sheet" gap="xs" justify="space-between">
          <IconPencil size={28} stroke={1.4} aria-hidden />
          <Text fw={600}>{t('welcome.choose.own')}</Text>
          <Text size="sm" c="dimmed">
            {t('welcome.choose.ownAbout')}
          </Text>
          <Button onClick={() => setOwn(true)}>{t('welcome.choose.ownGo')}</Button>
        </Stack>
        <Stack className="sheet" gap="xs" justify="space-between">
          <IconLeaf size={28} stroke={1.4} aria-hidden />
          <Text fw={600}>{t('welcome.choose.sample')}</Text>
          <Text size="sm" c="dimmed">
            {t('welcome.choose.sampleAbout')}
          </Text>
          <Button variant="default" onClick={() => sample()}>
            {t('welcome.choose.sampleGo')}
          </Button>
        </Stack>
      </SimpleGrid>
    </Stack>
  )
}

function OwnBusiness({ back, done }: { back?: () => void; done: () => unknown }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [zone, setZone] = useState(here.zone)
  const [country, setCountry] = useState(here.country)
  const [currency, setCurrency] = useState(here.currency)
  const found = useMutation({
    mutationFn: async () => {
      const tenant = await ask(
        api.POST('/api/v1/tenants', {
          body: { id: slugOf(name) || 'shop', name: name.trim(), zone, country, currency, language },
        }),
      )
      return ask(api.PUT('/api/v1/session/tenant', { body: { tenant: tenant.id } }))
    },
    onSuccess: session => {
      queries.clear()
      queries.setQueryData(sessionQuery.queryKey, keep(session))
      return done()
    },
  })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        found.mutate()
      }}
    >
      <Stack>
        <div>
          <Title order={1} size="h2">
            {t('welcome.business.title')}
          </Title>
          <Text c="dimmed">{t('welcome.business.about')}</Text>
        </div>
        <Refusal error={found.error} />
        <TextInput
          label={t('settings.business.name')}
          required
          autoFocus
          value={name}
          onChange={event => setName(event.currentTarget.value)}
        />
        <Select
          label={t('settings.business.zone')}
          description={t('settings.business.zoneAbout')}
          searchable
          required
          data={ZONES}
          value={zone}
          onChange={value => value && setZone(value)}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label={t('settings.business.currency')}
            searchable
            required
            data={CURRENCIES.map(code => ({ value: code, label: nameOfCurrency(code, language) }))}
            value={currency}
            onChange={value => value && setCurrency(value)}
          />
          <Select
            label={t('settings.business.country')}
            searchable
            required
            data={COUNTRIES.map(code => ({ value: code, label: nameOfCountry(code, language) }))}
            value={country}
            onChange={value => value && setCountry(value)}
          />
        </SimpleGrid>
        <Group>
          <Button type="submit" size="md" loading={found.isPending}>
            {t('welcome.next')}
          </Button>
          {back && (
            <Button size="md" variant="default" onClick={back}>
              {t('common.back')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  )
}

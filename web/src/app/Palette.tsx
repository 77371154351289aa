// Ctrl+K: pages, contacts, campaigns and acts, found by name from anywhere.
import { useMantineColorScheme } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight } from '@mantine/spotlight'
import { IconFileImport, IconFlag, IconLanguage, IconMoon, IconPlus, IconSearch, IconUser } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask } from '../api/client'
import { useNames } from '../lib/names'
import { useLanguage, useSession } from '../lib/session'
import { PAGES } from './pages'
import { useChooseLanguage } from './Shell'

export function Palette() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const session = useSession()
  const names = useNames()
  const language = useLanguage()
  const chooseLanguage = useChooseLanguage()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [query, setQuery] = useState('')
  const wanted = query.trim().toLowerCase()
  const [slow] = useDebouncedValue(query.trim(), 200)
  const may = (permission: string) => session.permissions.includes(permission)

  const contacts = useQuery({
    queryKey: ['contacts', 'palette', slow],
    enabled: slow.length > 0 && may('contacts.personal'),
    queryFn: ({ signal }) => ask(api.GET('/api/v1/contacts', { params: { query: { q: slow, limit: 6 } }, signal })),
  })
  const campaigns = useQuery({
    queryKey: ['campaigns', 'palette'],
    enabled: slow.length > 0,
    queryFn: ({ signal }) => ask(api.GET('/api/v1/campaigns', { params: { query: {} }, signal })),
  })

  const matches = (label: string) => label.toLowerCase().includes(wanted)
  const pages = PAGES.filter(page => may(page.permission) && matches(t(`nav.${page.key}`)))
  const acts = [
    {
      label: t('palette.import'),
      icon: IconFileImport,
      may: may('import'),
      go: () => navigate({ to: '/import', search: {} }),
    },
    {
      label: t('palette.campaign'),
      icon: IconPlus,
      may: may('plan.write'),
      go: () => navigate({ to: '/campaigns/$id', params: { id: 'new' }, search: {} }),
    },
    {
      label: t('palette.merges'),
      icon: IconUser,
      may: may('contacts.read'),
      go: () => navigate({ to: '/merges', search: {} }),
    },
    {
      label: t('palette.language'),
      icon: IconLanguage,
      may: true,
      go: () => chooseLanguage(language === 'zh' ? 'en' : 'zh'),
    },
    {
      label: t('palette.scheme'),
      icon: IconMoon,
      may: true,
      go: () => setColorScheme(colorScheme === 'dark' ? 'light' : 'dark'),
    },
    { label: t('nav.settings'), icon: IconSearch, may: true, go: () => navigate({ to: '/settings', search: {} }) },
  ].filter(act => act.may && matches(act.label))
  const people = slow ? (contacts.data?.items ?? []) : []
  const plans = slow
    ? (campaigns.data?.items ?? []).filter(one => matches(one.name) || matches(one.id)).slice(0, 6)
    : []
  const nothing = pages.length + acts.length + people.length + plans.length === 0

  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut={['mod + K']}
      tagsToIgnore={[]}
      maxHeight={420}
      scrollable
      transitionProps={{ duration: 0 }}
    >
      <Spotlight.Search
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.placeholder')}
        leftSection={<IconSearch size={18} stroke={1.6} />}
      />
      <Spotlight.ActionsList aria-label={t('palette.found')}>
        {pages.length > 0 && (
          <Spotlight.ActionsGroup label={t('palette.pages')}>
            {pages.map(page => (
              <Spotlight.Action
                key={page.key}
                label={t(`nav.${page.key}`)}
                leftSection={<page.icon size={18} stroke={1.5} />}
                onClick={() => navigate({ to: page.to, search: {} })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {people.length > 0 && (
          <Spotlight.ActionsGroup label={t('nav.contacts')}>
            {people.map(person => (
              <Spotlight.Action
                key={person.contact}
                label={person.name}
                description={[person.stage ? names.stage(person.stage) : null, person.matched]
                  .filter(Boolean)
                  .join(' · ')}
                leftSection={<IconUser size={18} stroke={1.5} />}
                onClick={() => navigate({ to: '/contacts/$contact', params: { contact: person.contact }, search: {} })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {plans.length > 0 && (
          <Spotlight.ActionsGroup label={t('nav.campaigns')}>
            {plans.map(plan => (
              <Spotlight.Action
                key={plan.id}
                label={plan.name}
                leftSection={<IconFlag size={18} stroke={1.5} />}
                onClick={() => navigate({ to: '/campaigns/$id', params: { id: plan.id }, search: {} })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {acts.length > 0 && (
          <Spotlight.ActionsGroup label={t('palette.acts')}>
            {acts.map(act => (
              <Spotlight.Action
                key={act.label}
                label={act.label}
                leftSection={<act.icon size={18} stroke={1.5} />}
                onClick={() => void act.go()}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {nothing && <Spotlight.Empty>{t('palette.nothing')}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

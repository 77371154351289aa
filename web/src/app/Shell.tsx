// What stands around each page: where one can go, which business this is, who is signed in.
import {
  ActionIcon,
  AppShell,
  Avatar,
  Badge,
  Button,
  Drawer,
  Group,
  Menu,
  NavLink,
  Stack,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconCheck,
  IconDeviceLaptop,
  IconDots,
  IconHelp,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSettings,
  IconSun,
  IconUser,
} from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask } from '../api/client'
import type { Language } from '../lib/format'
import { setLanguage } from '../lib/i18n'
import { useNames } from '../lib/names'
import { keep, SessionProvider, sessionQuery, useLanguage, useSession } from '../lib/session'
import { failed } from '../lib/Undo'
import { useLive } from './live'
import { PAGES } from './pages'
import { Shortcuts, useShortcutHelp } from './Shortcuts'
import { Wordmark } from './Wordmark'

// What opens only when asked for is loaded after the page has been drawn.
const Palette = lazy(() => import('./Palette').then(module => ({ default: module.Palette })))

export function Shell() {
  return (
    <SessionProvider>
      <Frame />
    </SessionProvider>
  )
}

const openPalette = () => void import('@mantine/spotlight').then(({ spotlight }) => spotlight.open())

/** The page that is open, by the first part of its path. */
function useHere(): string {
  const path = useRouterState({ select: state => state.location.pathname })
  if (path.startsWith('/merges')) return 'contacts'
  return PAGES.find(page => page.to !== '/' && path.startsWith(page.to))?.key ?? (path === '/' ? 'today' : '')
}

function Frame() {
  const { t } = useTranslation()
  const session = useSession()
  const here = useHere()
  const [more, drawer] = useDisclosure(false)
  const help = useShortcutHelp()
  useLive()
  const pages = PAGES.filter(page => session.permissions.includes(page.permission))
  useEffect(() => {
    const page = PAGES.find(one => one.key === here)
    document.title = page ? `${t(`nav.${page.key}`)} · Kith` : 'Kith'
  }, [here, t])

  return (
    <AppShell
      layout="alt"
      header={{ height: 56 }}
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: true } }}
      padding={{ base: 'md', sm: 'lg', lg: 'xl' }}
      withBorder={false}
    >
      <a className="skip" href="#page">
        {t('nav.skip')}
      </a>
      <AppShell.Header className="topbar">
        <Group h="100%" px={{ base: 'md', sm: 'lg', lg: 'xl' }} justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <span className="only-phone">
              <Wordmark size={22} />
            </span>
            <Text size="sm" truncate className="tenant">
              {session.tenant.name}
            </Text>
            {session.tenant.sample && (
              <Badge variant="light" color="orange" size="sm" className="claim-correlated">
                {t('nav.sample')}
              </Badge>
            )}
            <Text size="xs" c="dimmed" className="only-desk">
              {session.tenant.zone}
            </Text>
          </Group>
          <Group gap={6} wrap="nowrap">
            <Button
              className="only-desk"
              variant="default"
              size="xs"
              c="dimmed"
              leftSection={<IconSearch size={15} stroke={1.6} />}
              onClick={openPalette}
            >
              {t('nav.find')}
              <kbd className="key">Ctrl K</kbd>
            </Button>
            <ActionIcon
              className="only-phone"
              variant="subtle"
              color="gray"
              size={44}
              aria-label={t('nav.find')}
              onClick={openPalette}
            >
              <IconSearch size={20} stroke={1.6} />
            </ActionIcon>
            <Person onHelp={help.open} />
          </Group>
        </Group>
      </AppShell.Header>

      <AppShell.Navbar className="sidebar" p="md">
        <Link to="/" className="home" aria-label={`Kith – ${t('nav.today')}`}>
          <Wordmark />
        </Link>
        <Stack component="nav" aria-label={t('nav.pages')} gap={2} mt="lg">
          {pages.map(page => (
            <NavLink
              key={page.key}
              component={Link}
              to={page.to}
              label={t(`nav.${page.key}`)}
              leftSection={<page.icon size={19} stroke={1.5} />}
              active={here === page.key}
              aria-current={here === page.key ? 'page' : undefined}
            />
          ))}
        </Stack>
      </AppShell.Navbar>

      <AppShell.Main id="page" tabIndex={-1}>
        <div className="page">
          <Outlet />
        </div>
      </AppShell.Main>

      <nav className="tabbar" aria-label={t('nav.pages')}>
        {pages.slice(0, 4).map(page => (
          <Link key={page.key} to={page.to} aria-current={here === page.key ? 'page' : undefined}>
            <page.icon size={21} stroke={1.5} aria-hidden />
            <span>{t(`nav.${page.key}`)}</span>
          </Link>
        ))}
        <UnstyledButton onClick={drawer.open} aria-haspopup="dialog">
          <IconDots size={21} stroke={1.5} aria-hidden />
          <span>{t('nav.more')}</span>
        </UnstyledButton>
      </nav>
      <Drawer
        opened={more}
        onClose={drawer.close}
        position="bottom"
        size="auto"
        title={t('nav.more')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <Stack gap={2}>
          {pages.slice(4).map(page => (
            <NavLink
              key={page.key}
              component={Link}
              to={page.to}
              onClick={drawer.close}
              label={t(`nav.${page.key}`)}
              leftSection={<page.icon size={20} stroke={1.5} />}
              active={here === page.key}
            />
          ))}
          <NavLink
            component={Link}
            to="/settings"
            onClick={drawer.close}
            label={t('nav.settings')}
            leftSection={<IconSettings size={20} stroke={1.5} />}
          />
        </Stack>
      </Drawer>
      <Suspense>
        <Palette />
      </Suspense>
      <Shortcuts help={help} />
    </AppShell>
  )
}

function Person({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation()
  const session = useSession()
  const names = useNames()
  const navigate = useNavigate()
  const signOut = useSignOut()
  const switchTenant = useSwitchTenant()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const chooseLanguage = useChooseLanguage()
  const language = useLanguage()
  const schemes = [
    ['light', IconSun],
    ['dark', IconMoon],
    ['auto', IconDeviceLaptop],
  ] as const
  const mark = <IconCheck size={14} aria-label={t('common.chosen')} />
  return (
    <Menu position="bottom-end" width={250} withinPortal returnFocus>
      <Menu.Target>
        <UnstyledButton className="person" aria-label={t('nav.person', { name: session.user.name })}>
          <Avatar size={32} radius="xl" color="pine" variant="light" aria-hidden>
            <IconUser size={18} stroke={1.6} />
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session.user.name} · {names.role(session.role)}
        </Menu.Label>
        {session.tenants.length > 1 && (
          <>
            <Menu.Divider />
            <Menu.Label>{t('nav.businesses')}</Menu.Label>
            {session.tenants.map(tenant => (
              <Menu.Item
                key={tenant.id}
                onClick={() => switchTenant(tenant.id)}
                rightSection={tenant.id === session.tenant.id ? mark : null}
              >
                {tenant.name}
              </Menu.Item>
            ))}
          </>
        )}
        <Menu.Divider />
        <Menu.Label>{t('nav.language')}</Menu.Label>
        {(['zh', 'en'] as const).map(one => (
          <Menu.Item
            key={one}
            lang={one === 'zh' ? 'zh-CN' : 'en'}
            leftSection={<IconLanguage size={16} stroke={1.6} />}
            rightSection={one === language ? mark : null}
            onClick={() => chooseLanguage(one)}
          >
            {one === 'zh' ? '中文' : 'English'}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t('nav.scheme')}</Menu.Label>
        {schemes.map(([scheme, Icon]) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={16} stroke={1.6} />}
            rightSection={scheme === colorScheme ? mark : null}
            onClick={() => setColorScheme(scheme)}
          >
            {t(`nav.schemes.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconSettings size={16} stroke={1.6} />}
          onClick={() => navigate({ to: '/settings', search: {} })}
        >
          {t('nav.settings')}
        </Menu.Item>
        <Menu.Item leftSection={<IconHelp size={16} stroke={1.6} />} onClick={onHelp}>
          {t('nav.shortcuts')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.6} />} onClick={signOut}>
          {t('nav.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

export function useSignOut() {
  const queries = useQueryClient()
  const navigate = useNavigate()
  return async () => {
    try {
      await ask(api.DELETE('/api/v1/session'))
    } catch (error) {
      return failed(error)
    }
    queries.clear()
    queries.setQueryData(sessionQuery.queryKey, null)
    await navigate({ to: '/sign-in', search: {} })
  }
}

export function useSwitchTenant() {
  const queries = useQueryClient()
  const navigate = useNavigate()
  return async (tenant: string) => {
    try {
      const session = keep(await ask(api.PUT('/api/v1/session/tenant', { body: { tenant } })))
      queries.clear()
      queries.setQueryData(sessionQuery.queryKey, session)
      await navigate({ to: '/', search: {} })
    } catch (error) {
      failed(error)
    }
  }
}

/** Changes the words of the page at once and tells the server, which writes sentences too. */
export function useChooseLanguage() {
  const queries = useQueryClient()
  return async (language: Language) => {
    await setLanguage(language)
    const known = queries.getQueryData(sessionQuery.queryKey)
    if (known) {
      try {
        queries.setQueryData(
          sessionQuery.queryKey,
          keep(await ask(api.PUT('/api/v1/session/profile', { body: { name: known.user.name, language } }))),
        )
      } catch (error) {
        failed(error)
      }
    }
    await queries.invalidateQueries({ predicate: query => query.queryKey[0] !== 'session' })
  }
}

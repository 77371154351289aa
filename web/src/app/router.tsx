import { Skeleton, Stack } from '@mantine/core'
import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { oneOf, parseRange, text } from '../lib/search'
import { isInside, sessionQuery } from '../lib/session'
import { Broken, NotHere } from './Lost'
import { queries } from './queries'
import { Shell } from './Shell'

interface Context {
  queries: QueryClient
}

/** Everything in an address may be missing. */
const optional =
  <T extends object>(parse: (search: Record<string, unknown>) => T) =>
  (search: Record<string, unknown>): Partial<T> =>
    parse(search)

const root = createRootRouteWithContext<Context>()({ component: Outlet })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  // Only a path of our own: an address from elsewhere must not send anybody away after signing in.
  validateSearch: optional((search): { next: string | undefined } => {
    const next = text(search.next)
    return { next: next?.startsWith('/') && !next.startsWith('//') ? next : undefined }
  }),
  beforeLoad: async ({ context }) => {
    if (await context.queries.ensureQueryData(sessionQuery)) throw redirect({ to: '/' })
  },
  component: lazyRouteComponent(() => import('../pages/sign-in/SignInPage'), 'SignInPage'),
})

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation/$token',
  component: lazyRouteComponent(() => import('../pages/sign-in/InvitationPage'), 'InvitationPage'),
})

const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset/$token',
  component: lazyRouteComponent(() => import('../pages/sign-in/ResetPage'), 'ResetPage'),
})

const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  beforeLoad: async ({ context }) => {
    if (!(await context.queries.ensureQueryData(sessionQuery))) throw redirect({ to: '/sign-in', search: {} })
  },
  component: lazyRouteComponent(() => import('../pages/welcome/WelcomePage'), 'WelcomePage'),
})

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queries.ensureQueryData(sessionQuery)
    if (!session) {
      throw redirect({ to: '/sign-in', search: { next: location.href === '/' ? undefined : location.href } })
    }
    if (!isInside(session)) throw redirect({ to: '/welcome' })
  },
  component: Shell,
})

const today = createRoute({
  getParentRoute: () => shell,
  path: '/',
  validateSearch: optional(search => ({ rule: text(search.rule) })),
  component: lazyRouteComponent(() => import('../pages/today/TodayPage'), 'TodayPage'),
})

const contacts = createRoute({
  getParentRoute: () => shell,
  path: '/contacts',
  validateSearch: optional(search => ({
    q: text(search.q),
    stage: text(search.stage),
    channel: text(search.channel),
    sort: text(search.sort),
  })),
  component: lazyRouteComponent(() => import('../pages/contacts/ContactsPage'), 'ContactsPage'),
})

const contact = createRoute({
  getParentRoute: () => shell,
  path: '/contacts/$contact',
  validateSearch: optional(search => ({ kind: text(search.kind), channel: text(search.channel) })),
  component: lazyRouteComponent(() => import('../pages/contacts/ContactPage'), 'ContactPage'),
})

export const MERGE_STATES = ['proposed', 'standing', 'undone'] as const
const merges = createRoute({
  getParentRoute: () => shell,
  path: '/merges',
  validateSearch: optional(search => ({ state: oneOf(search.state, MERGE_STATES) })),
  component: lazyRouteComponent(() => import('../pages/contacts/MergesPage'), 'MergesPage'),
})

const channels = createRoute({
  getParentRoute: () => shell,
  path: '/channels',
  validateSearch: parseRange,
  component: lazyRouteComponent(() => import('../pages/channels/ChannelsPage'), 'ChannelsPage'),
})

export const CAMPAIGN_STATES = ['planned', 'held', 'running', 'ended'] as const
const campaigns = createRoute({
  getParentRoute: () => shell,
  path: '/campaigns',
  validateSearch: optional(search => ({ state: oneOf(search.state, CAMPAIGN_STATES) })),
  component: lazyRouteComponent(() => import('../pages/campaigns/CampaignsPage'), 'CampaignsPage'),
})

export const CAMPAIGN_TABS = ['plan', 'media', 'success', 'report'] as const
const campaign = createRoute({
  getParentRoute: () => shell,
  path: '/campaigns/$id',
  validateSearch: optional(search => ({ tab: oneOf(search.tab, CAMPAIGN_TABS) })),
  component: lazyRouteComponent(() => import('../pages/campaigns/CampaignPage'), 'CampaignPage'),
})

const lifecycle = createRoute({
  getParentRoute: () => shell,
  path: '/lifecycle',
  component: lazyRouteComponent(() => import('../pages/lifecycle/LifecyclePage'), 'LifecyclePage'),
})

export const POST_TABS = ['all', 'best'] as const
const posts = createRoute({
  getParentRoute: () => shell,
  path: '/posts',
  validateSearch: optional(search => ({
    ...parseRange(search),
    q: text(search.q),
    channel: text(search.channel),
    tab: oneOf(search.tab, POST_TABS),
  })),
  component: lazyRouteComponent(() => import('../pages/posts/PostsPage'), 'PostsPage'),
})

const imports = createRoute({
  getParentRoute: () => shell,
  path: '/import',
  validateSearch: optional(search => ({ upload: text(search.upload) })),
  component: lazyRouteComponent(() => import('../pages/import/ImportPage'), 'ImportPage'),
})

const oneImport = createRoute({
  getParentRoute: () => shell,
  path: '/import/$number',
  component: lazyRouteComponent(() => import('../pages/import/ImportDetailPage'), 'ImportDetailPage'),
})

export const SETTING_TABS = [
  'business',
  'accounts',
  'brands',
  'people',
  'security',
  'tokens',
  'audit',
  'store',
] as const
const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  validateSearch: optional(search => ({ tab: oneOf(search.tab, SETTING_TABS) })),
  component: lazyRouteComponent(() => import('../pages/settings/SettingsPage'), 'SettingsPage'),
})

export const tree = root.addChildren([
  signIn,
  invitation,
  reset,
  welcome,
  shell.addChildren([
    today,
    contacts,
    contact,
    merges,
    channels,
    campaigns,
    campaign,
    lifecycle,
    posts,
    imports,
    oneImport,
    settings,
  ]),
])

function Pending() {
  return (
    <Stack p="xl" aria-busy="true">
      <Skeleton height={32} width={220} />
      <Skeleton height={90} />
      <Skeleton height={90} />
    </Stack>
  )
}

export const router = createRouter({
  routeTree: tree,
  context: { queries },
  defaultPreload: 'intent',
  defaultPendingComponent: Pending,
  defaultPendingMs: 400,
  defaultErrorComponent: Broken,
  defaultNotFoundComponent: NotHere,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

// What belongs to the business, to the people who work in it, and to oneself.
import { Tabs } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { SETTING_TABS } from '../../app/router'
import { PageHead } from '../../lib/Page'
import { Waiting } from '../../lib/States'
import { oneOf } from '../../lib/search'
import { useSession } from '../../lib/session'

const route = getRouteApi('/shell/settings')

// Each part is loaded when it is opened.
const Business = lazy(() => import('./Business').then(module => ({ default: module.Business })))
const Accounts = lazy(() => import('./Accounts').then(module => ({ default: module.Accounts })))
const Brands = lazy(() => import('./Brands').then(module => ({ default: module.Brands })))
const People = lazy(() => import('./People').then(module => ({ default: module.People })))
const Security = lazy(() => import('./Security').then(module => ({ default: module.Security })))
const Tokens = lazy(() => import('./Tokens').then(module => ({ default: module.Tokens })))
const Audit = lazy(() => import('./Store').then(module => ({ default: module.Audit })))
const Store = lazy(() => import('./Store').then(module => ({ default: module.Store })))

const NEEDS: Record<(typeof SETTING_TABS)[number], string | null> = {
  business: 'figures.read',
  accounts: 'figures.read',
  brands: 'figures.read',
  people: 'users.manage',
  security: null,
  tokens: 'tokens.manage',
  audit: 'audit.read',
  store: 'store.manage',
}

export function SettingsPage() {
  const { t } = useTranslation()
  const { permissions } = useSession()
  const navigate = useNavigate({ from: '/settings' })
  const wanted = route.useSearch().tab
  const tabs = SETTING_TABS.filter(tab => {
    const need = NEEDS[tab]
    return need === null || permissions.includes(need)
  })
  const tab = wanted && tabs.includes(wanted) ? wanted : (tabs[0] ?? 'security')
  return (
    <>
      <PageHead title={t('settings.title')} />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={value => navigate({ search: { tab: oneOf(value, SETTING_TABS) }, resetScroll: false })}
      >
        <Tabs.List mb="lg" aria-label={t('settings.title')}>
          {tabs.map(one => (
            <Tabs.Tab key={one} value={one}>
              {t(`settings.tab.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="business">
          <Suspense fallback={<Waiting rows={5} />}>
            <Business />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="accounts">
          <Suspense fallback={<Waiting rows={5} />}>
            <Accounts />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="brands">
          <Suspense fallback={<Waiting rows={5} />}>
            <Brands />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="people">
          <Suspense fallback={<Waiting rows={5} />}>
            <People />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="security">
          <Suspense fallback={<Waiting rows={5} />}>
            <Security />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="tokens">
          <Suspense fallback={<Waiting rows={5} />}>
            <Tokens />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="audit">
          <Suspense fallback={<Waiting rows={5} />}>
            <Audit />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="store">
          <Suspense fallback={<Waiting rows={5} />}>
            <Store />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

// The whole application with a server that answers as a test says.
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, createRouter, RouterProvider } from '@tanstack/react-router'
import { render } from '@testing-library/react'
import { vi } from 'vitest'
import { tree } from '../../app/router'
import { en } from '../../locales/en'
import i18n, { startLanguage } from '../i18n'
import type { Session } from '../session'
import { theme } from '../theme'

export const SESSION: Session = {
  user: { id: 'u', login: 'owner', name: 'Ye', language: 'en' },
  role: 'owner',
  permissions: [
    'figures.read',
    'contacts.read',
    'contacts.decide',
    'contacts.decide',
    'plan.write',
    'import',
    'tenant.write',
    'users.manage',
    'tokens.manage',
    'audit.read',
    'store.manage',
  ],
  tenant: {
    id: 'tea',
    name: 'One Leaf Tea',
    zone: 'Asia/Shanghai',
    currency: 'CNY',
    language: 'zh',
    country: 'CN',
    sample: false,
  },
  tenants: [{ id: 'tea', name: 'One Leaf Tea', role: 'owner', sample: false }],
  csrf: 'proof',
  second_factor: false,
  must_change_password: false,
  expires_at: '2026-12-01T00:00:00Z',
}

/** What the server answers to `METHOD /path`: a value, a problem by its status, or nothing ever. */
export type Answers = Record<string, unknown>
export const NEVER = Symbol('never')
export const problem = (status: number, code: string, title: string, advice: string) => ({
  [PROBLEM]: true,
  status,
  body: { type: 'about:blank', status, code, title, detail: '', advice, request_id: 'r-1', field: null },
})
const PROBLEM = Symbol('problem')

export interface Call {
  method: string
  path: string
  search: URLSearchParams
  body: unknown
  headers: Headers
}

export async function openApp(path: string, answers: Answers) {
  if (!i18n.isInitialized) await startLanguage()
  i18n.addResourceBundle('en', 'translation', en)
  await i18n.changeLanguage('en')
  const calls: Call[] = []
  vi.stubGlobal(
    'EventSource',
    class {
      addEventListener() {}
      close() {}
    },
  )
  vi.stubGlobal('fetch', async (request: Request) => {
    const url = new URL(request.url)
    const text = await request.text()
    const call = {
      method: request.method,
      path: url.pathname.replace('/api/v1', ''),
      search: url.searchParams,
      body: text ? JSON.parse(text) : undefined,
      headers: request.headers,
    }
    calls.push(call)
    const key = `${call.method} ${call.path}`
    let answer: unknown = key in answers ? answers[key] : key === 'GET /session' ? SESSION : { items: [], next: null }
    if (typeof answer === 'function') answer = answer(call)
    if (answer === NEVER) return new Promise(() => {})
    if (typeof answer === 'object' && answer !== null && PROBLEM in answer) {
      const { status, body } = answer as ReturnType<typeof problem>
      return new Response(JSON.stringify(body), {
        status,
        headers: { 'Content-Type': 'application/problem+json' },
      })
    }
    return new Response(JSON.stringify(answer), { headers: { 'Content-Type': 'application/json' } })
  })
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const router = createRouter({
    routeTree: tree,
    history: createMemoryHistory({ initialEntries: [path] }),
    context: { queries },
  })
  const view = render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queries}>
        <Notifications />
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </MantineProvider>,
  )
  return { ...view, calls, router }
}

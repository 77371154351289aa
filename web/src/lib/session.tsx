// Who is signed in, for which business: what every page below the shell may rely on.
import { queryOptions, useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api, ask, type Schemas, setCsrf } from '../api/client'
import type { Language, Locale } from './format'

export type Session = Schemas['Session']

/** A session that is inside a business: all pages of the shell have one. */
export type Inside = Session & { tenant: Schemas['Tenant']; role: NonNullable<Session['role']> }

export const isInside = (session: Session): session is Inside =>
  session.tenant !== null && session.role !== null && !session.must_change_password

/** The session, or null where nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Session | null> => {
    try {
      return keep(await ask(api.GET('/api/v1/session')))
    } catch (error) {
      if (error instanceof ApiError && error.problem.status === 401) return null
      throw error
    }
  },
  staleTime: 5 * 60_000,
  retry: 1,
})

/** Remembers the token with which later requests prove where they come from. */
export function keep(session: Session): Session {
  setCsrf(session.csrf)
  return session
}

const Current = createContext<Session | null>(null)

export function SessionProvider({ children, session }: { children: ReactNode; session?: Session }) {
  const { data } = useQuery({ ...sessionQuery, enabled: session === undefined })
  return <Current.Provider value={session ?? data ?? null}>{children}</Current.Provider>
}

export function useSession(): Inside {
  const session = useContext(Current)
  if (!session || !isInside(session)) throw new Error('a page of the shell was drawn without a session')
  return session
}

export function useCan(permission: string): boolean {
  return useSession().permissions.includes(permission)
}

export function useLanguage(): Language {
  const { i18n } = useTranslation()
  return i18n.language === 'zh' ? 'zh' : 'en'
}

/** The reader's language and the business's zone. */
export function useLocale(): Locale {
  const language = useLanguage()
  return { language, zone: useSession().tenant.zone }
}

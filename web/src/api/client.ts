// The only place that calls the server. Types come from the server's own document (schema.d.ts).
import createClient, { type Middleware } from 'openapi-fetch'
import type { Language, UnitName } from '../lib/format'
import i18n from '../lib/i18n'
import type { components, paths } from './schema'

/** The words that the document calls texts, by the name of the field; the server never sends others. */
interface Words {
  unit: UnitName
  claim: 'measured' | 'correlated' | 'caused'
  role: 'owner' | 'manager' | 'editor' | 'agent' | 'analyst'
  language: Language
  side: 'own' | 'competitor'
}
type StateOf<T> = T extends { has_success: boolean }
  ? 'planned' | 'held' | 'running' | 'ended'
  : T extends { job: string }
    ? 'waiting' | 'reading' | 'done' | 'failed'
    : T extends { duplicates: number }
      ? 'running' | 'active' | 'undone' | 'failed' | 'interrupted'
      : T extends { offset: number }
        ? 'open' | 'complete'
        : T extends { opened_at: string }
          ? 'open' | 'answered' | 'resolved'
          : T extends { purpose: string }
            ? 'given' | 'withdrawn'
            : string
type Word<K, T, V> = K extends keyof Words
  ? Words[K] | Extract<V, null>
  : K extends 'state'
    ? StateOf<T>
    : Exclude<V, undefined>
/** An answer as it comes: what may be missing is sent as null, so no field is left out. */
export type Shape<T> = T extends (infer I)[]
  ? Shape<I>[]
  : T extends object
    ? {
        [K in keyof T]-?: string extends Exclude<T[K], null | undefined>
          ? Word<K, T, Exclude<T[K], undefined>>
          : Shape<Exclude<T[K], undefined>>
      }
    : T

export type Schemas = { [N in keyof components['schemas']]: Shape<components['schemas'][N]> }

/** The operations without the headers that every request is given here. */
type Operation<O> = O extends { parameters: infer P } ? Omit<O, 'parameters'> & { parameters: Omit<P, 'header'> } : O
type Routes = { [P in keyof paths]: { [M in keyof paths[P]]: Operation<paths[P][M]> } }
export type Problem = Schemas['Problem']

/** What the server refused, with its sentence and what to do. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title)
  }
}

let csrf = ''
/** The session's token that proves that a request comes from our own pages. */
export const setCsrf = (token: string) => {
  csrf = token
}

let signedOut = () => {}
/** What to do when the server says that the session has ended. */
export const onSignedOut = (handler: () => void) => {
  signedOut = handler
}

/** A key that no other request has; `crypto.randomUUID` is missing on plain http in a local network. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
}

export const language = () => (i18n.language === 'zh' ? 'zh' : 'en')

function headers(method: string, path: string): Record<string, string> {
  const all: Record<string, string> = { 'Kith-Language': language() }
  if (method !== 'GET') all['X-Kith-CSRF'] = csrf
  if (method === 'POST' && !/^\/api\/v1\/(session|invitations|reset-links|tokens|users)\b/.test(path))
    all['Idempotency-Key'] = newKey()
  return all
}

const common: Middleware = {
  onRequest({ request }) {
    const path = new URL(request.url).pathname
    for (const [name, value] of Object.entries(headers(request.method, path))) request.headers.set(name, value)
    return request
  },
}

/** A POST whose answer was lost is sent once more with the same key: the server answers it as it did the first time. */
async function patientFetch(request: Request): Promise<Response> {
  const again = request.headers.has('Idempotency-Key') ? request.clone() : null
  try {
    return await fetch(request)
  } catch (error) {
    if (!again || request.signal.aborted) throw error
    await new Promise(resolve => setTimeout(resolve, 400))
    return fetch(again)
  }
}

export const api = createClient<Routes>({
  baseUrl: location.origin,
  credentials: 'same-origin',
  fetch: patientFetch,
})
api.use(common)

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'title' in body
}

/** A failure without a problem of the server's own: no connection, or something between that answered. */
function plainProblem(status: number): Problem {
  const offline = status === 0
  return {
    type: 'about:blank',
    status,
    code: offline ? 'offline' : 'internal',
    title: i18n.t(offline ? 'common.error.offline' : 'common.error.unknown'),
    detail: offline ? '' : `HTTP ${status}`,
    advice: i18n.t(offline ? 'common.error.offlineAdvice' : 'common.error.unknownAdvice'),
    request_id: '',
    field: null,
  }
}

function refuse(status: number, body: unknown): never {
  const problem = isProblem(body) ? body : plainProblem(status)
  if (problem.code === 'not-signed-in' || problem.code === 'must-change-password') signedOut()
  throw new ApiError(problem)
}

/** The answer itself, or an [`ApiError`]. */
export async function ask<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<Shape<T>> {
  let done: { data?: T; error?: unknown; response: Response }
  try {
    done = await call
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    return refuse(0, null)
  }
  if (!done.response.ok) return refuse(done.response.status, done.error)
  return done.data as Shape<T>
}

const PIECE = 4 * 1024 * 1024

/** Sends a file in pieces. A piece that was lost is asked for again, and the sending goes on from where the server stands. */
export async function sendFile(
  upload: Schemas['Upload'],
  file: File,
  progress: (offset: number) => void,
  signal: AbortSignal,
): Promise<Schemas['Upload']> {
  let now = upload
  let failures = 0
  while (now.state === 'open' && now.offset < file.size) {
    const path = `/api/v1/uploads/${encodeURIComponent(now.id)}`
    try {
      const response = await fetch(path, {
        method: 'PATCH',
        signal,
        credentials: 'same-origin',
        headers: {
          ...headers('PATCH', path),
          'Content-Type': 'application/octet-stream',
          'Upload-Offset': String(now.offset),
        },
        body: file.slice(now.offset, now.offset + PIECE),
      })
      const body: unknown = await response.json().catch(() => null)
      if (response.ok) {
        now = body as Schemas['Upload']
        failures = 0
        progress(now.offset)
        continue
      }
      if (!(isProblem(body) && body.code === 'wrong-offset') && response.status < 500) refuse(response.status, body)
      failures += 1
      if (failures > 5) refuse(response.status, body)
    } catch (error) {
      if (error instanceof ApiError || signal.aborted) throw error
      failures += 1
      if (failures > 5) refuse(0, null)
    }
    await new Promise(resolve => setTimeout(resolve, 300 * 2 ** failures))
    now = await ask(api.GET('/api/v1/uploads/{upload}', { params: { path: { upload: now.id } }, signal }))
    progress(now.offset)
  }
  return now
}

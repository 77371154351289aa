// What people do on the pages, against a server that answers as the test says.
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { openApp, problem, SESSION } from '../lib/test/app'
import { safeAddress } from './posts/PostsPage'

const patience = { timeout: 50_000 }
const campaign = {
  id: 'spring',
  name: 'Spring tea',
  from: '2026-03-01',
  until: '2026-03-20',
  state: 'planned',
  has_success: false,
  steps: 1,
  steps_done: 0,
  next_step: null,
  success: null,
  stages: [{ name: 'Before', steps: [{ what: 'Write the text', owner: 'Qing', on: '2026-02-20', done: false }] }],
  placements: [],
  progress: null,
}

it('a campaign without a definition of success is not started, and the page says why', async () => {
  const { calls } = await openApp('/campaigns/spring', {
    'GET /campaigns/spring': campaign,
    'POST /campaigns/spring/start': problem(
      422,
      'no-definition-of-success',
      'It has no definition of success.',
      'Write one.',
    ),
  })
  expect(await screen.findByText('Nobody has said what success would be', {}, patience)).toBeInTheDocument()
  fireEvent.click(screen.getByRole('button', { name: 'Start now' }))
  expect(await screen.findByText('It has no definition of success.', {}, patience)).toBeInTheDocument()
  const start = calls.find(call => call.path === '/campaigns/spring/start')
  expect(start?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f]{32}$/)
  expect(start?.headers.get('X-Kith-CSRF')).toBe('proof')
  expect(start?.headers.get('Kith-Language')).toBe('en')
})

it('a step is ticked at once and goes back when the server refuses', async () => {
  await openApp('/campaigns/spring?tab=plan', {
    'GET /campaigns/spring': campaign,
    'PUT /campaigns/spring/stages/0/steps/0/done': () =>
      problem(403, 'forbidden', 'You may not plan.', 'Ask the owner.'),
  })
  const step = await screen.findByRole('checkbox', { name: /Write the text/ }, patience)
  fireEvent.click(step)
  expect(await screen.findByText('You may not plan.', {}, patience)).toBeInTheDocument()
  await waitFor(() => expect(screen.getByRole('checkbox', { name: /Write the text/ })).not.toBeChecked(), patience)
})

it('a thing that is done leaves the list and can be taken back', async () => {
  const figure = {
    value: 2,
    unit: 'count',
    currency: null,
    low: null,
    high: null,
    level: null,
    n: 2,
    claim: 'measured',
    method: 'counted by hand',
    as_of: '2026-11-23T00:00:00Z',
    shown: '2',
  }
  const action = {
    key: 'k',
    rule: 'never-asked',
    what: 'Ask two customers',
    reason: 'Nobody asked.',
    evidence: [],
    figure,
    command: 'kith today',
    link: { page: 'today', search: {}, id: null },
  }
  let done = false
  const { calls } = await openApp('/', {
    'GET /today': () => ({
      as_of: '2026-11-23T00:00:00Z',
      day: '2026-11-23',
      actions: done ? [] : [action],
      done: done ? [action] : [],
      held_back: 0,
      went_well: [],
    }),
    'POST /today/k/done': () => {
      done = true
      return { key: 'k', done_at: '2026-11-23T00:00:00Z' }
    },
    'DELETE /today/k/done': () => {
      done = false
      return null
    },
  })
  fireEvent.click(await screen.findByRole('button', { name: 'Done: Ask two customers' }, patience))
  expect(await screen.findByText(/All done for today/, {}, patience)).toBeInTheDocument()
  fireEvent.click(await screen.findByRole('button', { name: 'Undo' }, patience))
  expect(await screen.findByRole('button', { name: 'Done: Ask two customers' }, patience)).toBeInTheDocument()
  expect(calls.some(call => call.method === 'DELETE' && call.path === '/today/k/done')).toBe(true)
})

it('who may not decide sees no buttons for it', async () => {
  await openApp('/merges', {
    'GET /session': { ...SESSION, role: 'analyst', permissions: ['figures.read', 'contacts.read'] },
    'GET /merges': {
      items: [
        {
          number: 1,
          one: { identity: '1', contact: '1', name: 'yuki', kind: 'login', channel: null, external: 'y' },
          other: { identity: '2', contact: '2', name: 'Oliver', kind: 'login', channel: null, external: 'o' },
          basis: 'phone',
          reason: 'one phone',
          confidence: 0.6,
          proposed_at: '2026-11-20T00:00:00Z',
        },
      ],
      next: null,
    },
  })
  expect(await screen.findByText('one phone', {}, patience)).toBeInTheDocument()
  expect(screen.queryByRole('button', { name: 'One person' })).toBeNull()
})

it('a correction of a column is sent to the server before anything is imported', async () => {
  const opened = {
    upload: 'u1',
    known_import: null,
    tables: [
      {
        table: 'orders.csv',
        facts: 'CSV',
        kind: 'orders',
        dialect: null,
        columns: [{ column: '备注', field: 'text', confidence: 0.5, why: 'looks like sentences', example: 'x' }],
        constants: {},
        doubts: ['check this'],
        said: [],
        refusals: [],
      },
    ],
  }
  const { calls } = await openApp('/import?upload=u1', {
    'PUT /uploads/u1/reading': opened,
    'GET /fields': {
      kinds: [],
      fields: [
        { name: 'text', about: 'words' },
        { name: 'name', about: 'the name' },
      ],
    },
  })
  const meaning = await screen
    .findByRole('textbox', { name: 'Meaning of column 备注' }, patience)
    .catch(() => screen.getByRole('combobox', { name: 'Meaning of column 备注' }))
  await userEvent.click(meaning)
  await userEvent.click(await screen.findByText('name – the name', {}, patience))
  await waitFor(
    () =>
      expect(calls.filter(call => call.path === '/uploads/u1/reading').at(-1)?.body).toEqual({
        columns: { 备注: 'name' },
      }),
    patience,
  )
})

it('a wrong password is said in the words of the server', async () => {
  const { router } = await openApp('/contacts', {
    'GET /session': problem(401, 'not-signed-in', 'Not signed in.', ''),
    'POST /session': problem(401, 'wrong-credentials', 'Login or password is wrong.', 'Look again.'),
  })
  await userEvent.type(await screen.findByRole('textbox', { name: /Login/ }, patience), 'owner')
  await userEvent.type(screen.getByLabelText(/^Password/), 'wrong')
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }))
  expect(await screen.findByText('Login or password is wrong.', {}, patience)).toBeInTheDocument()
  // After signing in one comes back to where one wanted to go.
  expect(router.state.location.search).toEqual({ next: '/contacts' })
})

it('a figure says how it was computed, with its claim', async () => {
  await openApp('/lifecycle', {
    'GET /answers/lifecycle': {
      question: 'lifecycle',
      title: 'Stages',
      from: null,
      until: null,
      as_of: '2026-11-23T00:00:00Z',
      columns: [
        { key: 'stage', title: 'stage', kind: 'text', unit: null, currency: null, claim: null, method: '' },
        {
          key: 'contacts',
          title: 'contacts',
          kind: 'figure',
          unit: 'people',
          currency: null,
          claim: 'measured',
          method: 'by the stated rules',
        },
      ],
      rows: [
        [
          { text: 'advocate', day: null, value: null, low: null, high: null, n: null, currency: null, shown: '' },
          { text: null, day: null, value: 21800, low: null, high: null, n: 21800, currency: null, shown: '' },
        ],
      ],
      notes: [],
      all_rows: 1,
    },
    'GET /answers/lifecycle-flows': {
      question: 'x',
      title: '',
      from: null,
      until: null,
      as_of: '2026-11-23T00:00:00Z',
      columns: [],
      rows: [],
      notes: [],
      all_rows: 0,
    },
    'GET /answers/cohorts': {
      question: 'x',
      title: '',
      from: null,
      until: null,
      as_of: '2026-11-23T00:00:00Z',
      columns: [],
      rows: [],
      notes: [],
      all_rows: 0,
    },
  })
  expect(await screen.findByText('21.8K', {}, patience)).toBeInTheDocument()
  fireEvent.click(screen.getByRole('button', { name: 'How “Advocate” was computed' }))
  const how = await screen.findByRole('dialog', { name: 'How “Advocate” was computed' }, patience)
  expect(within(how).getByText('by the stated rules')).toBeInTheDocument()
  expect(within(how).getByText('21,800 people')).toBeInTheDocument()
  expect(within(how).getByText('measured')).toBeInTheDocument()
})

it('an address from a file is followed only where it is a web address', () => {
  expect(safeAddress('javascript:alert(1)')).toBeNull()
  expect(safeAddress('https://weibo.com/1')).toBe('https://weibo.com/1')
})

it('evidence about a contact leads to its timeline, and other evidence stays as it is', async () => {
  const figure = {
    value: 1,
    unit: 'count',
    currency: null,
    low: null,
    high: null,
    level: null,
    n: 1,
    claim: 'measured',
    method: '',
    as_of: '2026-11-23T00:00:00Z',
    shown: '1',
  }
  const evidence = ['杨瑞（weibo）：“没人理我”（kith timeline 747991650835122430）', 'weibo-jokes: no role (yet)']
  await openApp('/', {
    'GET /today': {
      as_of: '2026-11-23T00:00:00Z',
      day: '2026-11-23',
      actions: [
        {
          key: 'k',
          rule: 'public-complaint',
          what: 'Answer',
          reason: '',
          evidence,
          figure,
          command: '',
          link: { page: 'today', search: {}, id: null },
        },
      ],
      done: [],
      held_back: 0,
      went_well: [],
    },
  })
  const link = await screen.findByRole('link', { name: /timeline: 杨瑞/ }, patience)
  expect(link).toHaveAttribute('href', '/contacts/747991650835122430')
  expect(screen.queryByText(/kith timeline/)).toBeNull()
  expect(screen.getByText('weibo-jokes: no role (yet)')).toBeInTheDocument()
})

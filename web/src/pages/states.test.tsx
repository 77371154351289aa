// Each list has four states: loading, empty, error, data. The same four tests for every page.
import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { type Answers, NEVER, openApp, problem } from '../lib/test/app'

const page = (...items: unknown[]) => ({ items, next: null })
const figure = {
  value: 2,
  unit: 'count',
  currency: null,
  low: null,
  high: null,
  level: null,
  n: 2,
  claim: 'measured',
  method: 'counted',
  as_of: '2026-11-23T00:00:00Z',
  shown: '2',
}
const column = (key: string, kind: string, unit: string | null = null) => ({
  key,
  title: key,
  kind,
  unit,
  currency: null,
  claim: kind === 'figure' ? 'measured' : null,
  method: 'counted',
})
const text = (word: string) => ({
  text: word,
  day: null,
  value: null,
  low: null,
  high: null,
  n: null,
  currency: null,
  shown: word,
})
const value = (number: number) => ({
  text: null,
  day: null,
  value: number,
  low: null,
  high: null,
  n: number,
  currency: null,
  shown: '',
})
const answer = (columns: unknown[], ...rows: unknown[][]) => ({
  question: 'q',
  title: 'q',
  from: null,
  until: null,
  as_of: '2026-11-23T00:00:00Z',
  columns,
  rows,
  notes: [],
  all_rows: rows.length,
})
const morning = (...actions: unknown[]) => ({
  as_of: '2026-11-23T00:00:00Z',
  day: '2026-11-23',
  actions,
  done: [],
  held_back: 0,
  went_well: [],
})
const side = (name: string) => ({ identity: name, contact: '1', name, kind: 'login', channel: 'weibo', external: name })

interface Case {
  name: string
  path: string
  call: string
  empty: unknown
  data: unknown
  /** What is read on the page when there is data. */
  shows: string
  /** Other calls of the page. */
  others?: Answers
}

const cost = answer([column('medium', 'text'), column('visits', 'figure', 'count')], [text('weibo'), value(41)])

const CASES: Case[] = [
  {
    name: 'Today',
    path: '/',
    call: 'GET /today',
    empty: morning(),
    data: morning({
      key: 'k',
      rule: 'never-asked',
      what: 'Ask two customers',
      reason: 'Nobody asked.',
      evidence: ['Lin: parcel came 3 days ago'],
      figure,
      command: 'kith today',
      link: { page: 'today', search: {}, id: null },
    }),
    shows: 'Ask two customers',
  },
  {
    name: 'Contacts',
    path: '/contacts',
    call: 'GET /contacts',
    empty: page(),
    data: page({
      contact: '9007199254740993',
      name: '林安然',
      stage: 'repeat',
      first_at: null,
      last_at: null,
      touches: 3,
      orders: 2,
      last_order_at: null,
      revenue: null,
      channels: ['weibo'],
      matched: null,
    }),
    shows: '林安然',
  },
  {
    name: 'Merges',
    path: '/merges',
    call: 'GET /merges',
    empty: page(),
    data: page({
      number: 1,
      one: side('yuki'),
      other: side('Oliver'),
      basis: 'phone',
      reason: 'one phone',
      confidence: 0.6,
      proposed_at: '2026-11-20T00:00:00Z',
    }),
    shows: 'yuki',
  },
  {
    name: 'Channels',
    path: '/channels?range=all',
    call: 'GET /answers/cost',
    empty: answer(cost.columns),
    data: cost,
    shows: 'Weibo',
    others: {
      'GET /answers/efficiency': answer([
        column('medium', 'text'),
        column('run', 'text'),
        column('bought', 'figure', 'share'),
      ]),
      'GET /answers/traffic': answer([column('week', 'day'), column('medium', 'text')]),
    },
  },
  {
    name: 'Campaigns',
    path: '/campaigns',
    call: 'GET /campaigns',
    empty: page(),
    data: page({
      id: 'spring',
      name: 'Spring tea',
      from: '2026-03-01',
      until: '2026-03-20',
      state: 'held',
      has_success: false,
      placements: 0,
      steps: 2,
      steps_done: 1,
      next_step: null,
    }),
    shows: 'Spring tea',
  },
  {
    name: 'Lifecycle',
    path: '/lifecycle',
    call: 'GET /answers/lifecycle',
    empty: answer([column('stage', 'text'), column('contacts', 'figure', 'people')], [text('aware'), value(0)]),
    data: answer([column('stage', 'text'), column('contacts', 'figure', 'people')], [text('advocate'), value(7)]),
    shows: 'Advocate',
    others: {
      'GET /answers/lifecycle-flows': answer([column('week', 'day')]),
      'GET /answers/cohorts': answer([column('cohort', 'day')]),
    },
  },
  {
    name: 'Posts',
    path: '/posts',
    call: 'GET /posts',
    empty: page(),
    data: page({
      channel: 'weibo',
      external: '1',
      account: null,
      title: null,
      text: 'First spring leaves',
      topics: ['spring'],
      published_at: null,
      url: 'javascript:alert(1)',
      campaign: null,
      counts: { reads: 12 },
    }),
    shows: 'First spring leaves',
  },
  {
    name: 'Surely good posts',
    path: '/posts?tab=best&range=all',
    call: 'GET /answers/top-posts',
    empty: answer([column('title', 'text')]),
    data: answer(
      [column('channel', 'text'), column('title', 'text'), column('rate', 'figure', 'share')],
      [text('weibo'), text('Mountain fog'), value(0.2)],
    ),
    shows: 'Mountain fog',
  },
  {
    name: 'Import',
    path: '/import',
    call: 'GET /imports',
    empty: page(),
    data: page({
      number: 3,
      state: 'active',
      file: 'orders.csv',
      kind: 'orders',
      started_at: '2026-11-20T00:00:00Z',
      ended_at: null,
      rows: 10,
      touches: 9,
      duplicates: 0,
      refused: 1,
      passed_over: 0,
      has_refused: true,
      why: null,
    }),
    shows: 'orders.csv',
  },
  {
    name: 'Accounts',
    path: '/settings?tab=accounts',
    call: 'GET /accounts',
    empty: page(),
    data: page({
      id: 'a',
      channel: 'weibo',
      handle: '@jokes',
      roles: [],
      fault: { code: 'no-role', sentence: 'It has no role.' },
    }),
    shows: '@jokes',
  },
  {
    name: 'Brands',
    path: '/settings?tab=brands',
    call: 'GET /brands',
    empty: page(),
    data: page({ id: 'b', name: '一点点', side: 'competitor', aliases: [] }),
    shows: '一点点',
  },
  {
    name: 'Tokens',
    path: '/settings?tab=tokens',
    call: 'GET /tokens',
    empty: page(),
    data: page({
      id: 't',
      name: 'the till',
      scopes: ['touches.write'],
      made_by: 'Ye',
      created_at: '2026-11-20T00:00:00Z',
      ends_at: null,
      last_used_at: null,
      revoked_at: null,
    }),
    shows: 'the till',
  },
  {
    name: 'Audit log',
    path: '/settings?tab=audit',
    call: 'GET /audit',
    empty: page(),
    data: page({
      number: 1,
      at: '2026-11-20T00:00:00Z',
      who: 'u',
      who_name: 'Ye',
      action: 'import',
      on: 'orders.csv',
      details: {},
      address: '',
    }),
    shows: 'orders.csv',
  },
]

const state = (name: string) => document.querySelector(`[data-state="${name}"]`)
const patience = { timeout: 50_000 }

describe.each(CASES)('$name', ({ path, call, empty, data, shows, others }) => {
  it('keeps the place of its rows while it waits', async () => {
    await openApp(path, { ...others, [call]: NEVER })
    await waitFor(() => expect(state('loading')).toBeInTheDocument(), patience)
    expect(state('empty')).toBeNull()
  })

  it('says what will stand here when there is nothing', async () => {
    await openApp(path, { ...others, [call]: empty })
    await waitFor(() => expect(state('empty')).toBeInTheDocument(), patience)
    expect(state('empty')?.textContent?.length).toBeGreaterThan(30)
  })

  it('says what went wrong and what to do, and tries again', async () => {
    let broken = true
    await openApp(path, {
      ...others,
      [call]: () => (broken ? problem(500, 'internal', 'The store could not be read.', 'Run kith doctor.') : data),
    })
    const alert = (await screen.findAllByRole('alert', {}, patience))[0] as HTMLElement
    expect(alert).toHaveTextContent('The store could not be read.')
    expect(alert).toHaveTextContent('Run kith doctor.')
    broken = false
    fireEvent.click((await screen.findAllByRole('button', { name: 'Try again' }))[0] as HTMLElement)
    expect((await screen.findAllByText(shows, {}, patience)).length).toBeGreaterThan(0)
  })

  it('shows its data', async () => {
    await openApp(path, { ...others, [call]: data })
    expect((await screen.findAllByText(shows, {}, patience)).length).toBeGreaterThan(0)
    await waitFor(() => expect(state('loading')).toBeNull(), patience)
    expect(state('empty')).toBeNull()
    expect(state('error')).toBeNull()
  })
})

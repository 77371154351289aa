// The morning: the few things to do, each with its reason and what it stands on; then what went well.
import { Anchor, Button, Code, Collapse, Group, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArrowRight, IconCheck, IconFileImport } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, ask, language, type Schemas } from '../../api/client'
import { Figure } from '../../lib/Figure'
import { formatDay, formatInstant } from '../../lib/format'
import { PageHead } from '../../lib/Page'
import { Empty, Failure, Waiting } from '../../lib/States'
import { oneOf } from '../../lib/search'
import { useCan, useLocale, useSession } from '../../lib/session'
import { failed, said } from '../../lib/Undo'

type Action = Schemas['Action']
type Morning = Schemas['Morning']

const route = getRouteApi('/shell/')
export const RULES = [
  'public-complaint',
  'refused-rows',
  'campaign-under-target',
  'about-to-lapse',
  'never-asked',
  'doubtful-merges',
  'account-without-role',
  'nothing-planned',
] as const

const key = (rule?: string) => ['today', rule ?? null, language()]

export function TodayPage() {
  const { t } = useTranslation()
  const { rule } = route.useSearch()
  const locale = useLocale()
  const session = useSession()
  const morning = useQuery({
    queryKey: key(rule),
    queryFn: ({ signal }) => ask(api.GET('/api/v1/today', { params: { query: { rule } }, signal })),
  })
  const known = oneOf(rule, RULES)
  const data = morning.data
  return (
    <>
      <PageHead
        title={known ? t(`today.rule.${known}`) : t('today.title')}
        about={
          data
            ? t('today.about', {
                day: formatDay(data.day, locale.language, 'weekday'),
                tenant: session.tenant.name,
              })
            : undefined
        }
      >
        {rule && (
          <Anchor component={Link} to="/">
            {t('today.allRules')}
          </Anchor>
        )}
      </PageHead>
      {morning.isPending && <Waiting rows={4} height={110} />}
      {morning.error && <Failure error={morning.error} retry={() => morning.refetch()} />}
      {data && <Things morning={data} rule={rule} />}
      {data && (
        <Text size="xs" c="dimmed" mt="lg">
          {t('today.asOf', { at: formatInstant(data.as_of, locale) })}
        </Text>
      )}
    </>
  )
}

function Things({ morning, rule }: { morning: Morning; rule?: string }) {
  const { t } = useTranslation()
  const mayImport = useCan('import')
  const nothing = morning.actions.length === 0
  return (
    <Stack gap="lg">
      {nothing && morning.done.length === 0 && morning.went_well.length === 0 ? (
        <Empty
          title={t('today.empty.title')}
          about={t('today.empty.about')}
          action={
            mayImport && (
              <Button component={Link} to="/import" leftSection={<IconFileImport size={18} />}>
                {t('today.empty.import')}
              </Button>
            )
          }
        />
      ) : (
        <section className="sheet" aria-label={t('today.title')} data-state="data">
          {nothing ? (
            <Group gap="sm" py="sm">
              <IconCheck aria-hidden />
              <Text>{t('today.allDone')}</Text>
            </Group>
          ) : (
            morning.actions.map((action, at) => <Thing key={action.key} action={action} number={at + 1} rule={rule} />)
          )}
          {morning.held_back > 0 && (
            <Text size="sm" c="dimmed" mt="xs">
              {t('today.heldBack', { count: morning.held_back })}
            </Text>
          )}
        </section>
      )}
      {morning.went_well.length > 0 && (
        <section className="sheet" aria-labelledby="well">
          <Title order={2} id="well">
            {t('today.wentWell')}
          </Title>
          <ul className="well">
            {morning.went_well.map(line => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      )}
      {morning.done.length > 0 && (
        <section aria-labelledby="done">
          <Title order={2} size="h3" id="done">
            {t('today.doneToday')}
          </Title>
          <ul className="well">
            {morning.done.map(action => (
              <Done key={action.key} action={action} />
            ))}
          </ul>
        </section>
      )}
    </Stack>
  )
}

/** Marks a thing as done or takes that back, on the page at once and on the server. */
function useDone() {
  const queries = useQueryClient()
  const { t } = useTranslation()
  const move = (action: Action, done: boolean) =>
    queries.setQueriesData<Morning>({ queryKey: ['today'] }, morning => {
      if (!morning) return morning
      const without = (all: Action[]) => all.filter(one => one.key !== action.key)
      return done
        ? { ...morning, actions: without(morning.actions), done: [...without(morning.done), action] }
        : { ...morning, actions: [...without(morning.actions), action], done: without(morning.done) }
    })
  const settle = () => queries.invalidateQueries({ queryKey: ['today'] })
  const undo = useMutation({
    mutationFn: (action: Action) =>
      ask(api.DELETE('/api/v1/today/{key}/done', { params: { path: { key: action.key } } })),
    onMutate: action => move(action, false),
    onSettled: settle,
  })
  const done = useMutation({
    mutationFn: (action: Action) =>
      ask(api.POST('/api/v1/today/{key}/done', { params: { path: { key: action.key } } })),
    onMutate: action => move(action, true),
    onError: failed,
    onSuccess: (_, action) => said(t('today.markedDone'), () => undo.mutateAsync(action)),
    onSettled: settle,
  })
  return { done, undo }
}

/** Where an action leads. */
function useLead() {
  const navigate = useNavigate()
  return ({ page, id, search }: Action['link']) => {
    switch (page) {
      case 'contacts':
        return id
          ? navigate({ to: '/contacts/$contact', params: { contact: id }, search: {} })
          : navigate({ to: '/contacts', search })
      case 'imports':
        return id
          ? navigate({ to: '/import/$number', params: { number: id } })
          : navigate({ to: '/import', search: {} })
      case 'campaigns':
        return id
          ? navigate({ to: '/campaigns/$id', params: { id }, search: {} })
          : navigate({ to: '/campaigns', search: {} })
      case 'merges':
        return navigate({ to: '/merges', search: {} })
      case 'accounts':
        return navigate({ to: '/settings', search: { tab: 'accounts' } })
      default:
        return navigate({ to: '/', search: { rule: search.rule } })
    }
  }
}

const FEW = 3

function Thing({ action, number, rule }: { action: Action; number: number; rule?: string }) {
  const { t } = useTranslation()
  const lead = useLead()
  const { done } = useDone()
  const mayDecide = useCan('contacts.decide')
  const [terminal, { toggle }] = useDisclosure(false)
  const known = oneOf(action.rule, RULES)
  const shown = rule ? action.evidence : action.evidence.slice(0, FEW)
  const title = `action-${action.key}`
  return (
    <article className="action" aria-labelledby={title}>
      <span className="action-number" aria-hidden="true">
        {number}
      </span>
      <div>
        <Title order={2} size="h3" id={title}>
          {action.what}
        </Title>
        <Text mt={4}>{action.reason}</Text>
        {shown.length > 0 && (
          <ul className="evidence">
            {shown.map(line => (
              <li key={line} className="stranger">
                <Evidence line={line} />
              </li>
            ))}
          </ul>
        )}
        {!rule && action.evidence.length > FEW && (
          <Anchor renderRoot={props => <Link to="/" search={{ rule: action.rule }} {...props} />} size="sm">
            {t('today.moreEvidence', { count: action.evidence.length - FEW })}
          </Anchor>
        )}
        <Group mt={8} gap="xs">
          <Figure form="line" figure={action.figure} label={action.what} />
        </Group>
        <Group mt="sm" gap="xs">
          {!(action.link.page === 'today' && rule) && (
            <Button size="sm" mih={36} rightSection={<IconArrowRight size={16} />} onClick={() => lead(action.link)}>
              {known ? t(`today.go.${known}`) : t('today.goOther')}
            </Button>
          )}
          {mayDecide && (
            <Button
              size="sm"
              mih={36}
              variant="default"
              leftSection={<IconCheck size={16} />}
              onClick={() => done.mutate(action)}
              aria-label={t('today.doneLabel', { what: action.what })}
            >
              {t('today.done')}
            </Button>
          )}
          <Button
            size="sm"
            mih={36}
            variant="subtle"
            color="gray"
            c="dimmed"
            aria-expanded={terminal}
            aria-controls={`${title}-terminal`}
            onClick={toggle}
          >
            {t('today.terminal')}
          </Button>
        </Group>
        <div id={`${title}-terminal`}>
          <Collapse expanded={terminal}>
            <Code block mt="xs">
              {action.command}
            </Code>
          </Collapse>
        </div>
      </div>
    </article>
  )
}

/** A line of evidence; where the server names a contact by its command, the line leads to the timeline instead. */
function Evidence({ line }: { line: string }) {
  const { t } = useTranslation()
  const [, words, contact] = line.match(/^([\s\S]*?)\s*[(（]kith timeline (\d+)[)）]$/) ?? []
  if (!words || !contact) return <>{line}</>
  return (
    <>
      {words}{' '}
      <Link to="/contacts/$contact" params={{ contact }} aria-label={t('today.timelineOf', { what: words })}>
        {t('today.timeline')}
      </Link>
    </>
  )
}

function Done({ action }: { action: Action }) {
  const { t } = useTranslation()
  const { undo } = useDone()
  const mayDecide = useCan('contacts.decide')
  return (
    <li>
      <Text component="span" c="dimmed">
        {action.what}
      </Text>{' '}
      {mayDecide && (
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => undo.mutateAsync(action).catch(failed)}
          aria-label={t('today.undoLabel', { what: action.what })}
        >
          {t('common.undo')}
        </Button>
      )}
    </li>
  )
}

// What we know of a contact, and how we know it.
import { Anchor, Badge, Button, Group, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../../api/client'
import { formatDay, formatMoney, formatShare } from '../../lib/format'
import { useNames } from '../../lib/names'
import { useCan, useLocale } from '../../lib/session'
import { When } from '../../lib/When'
import { useDecide, useUndoMerge } from './merging'

export function Aside({ contact }: { contact: Schemas['Contact'] }) {
  const { t } = useTranslation()
  const names = useNames()
  const locale = useLocale()
  const { profile } = contact
  const known: [string, string | null][] = [
    [t('contacts.profile.name'), profile.name],
    [t('contacts.profile.gender'), profile.gender],
    [t('contacts.profile.place'), [profile.country, profile.province, profile.city].filter(Boolean).join(' ') || null],
    [t('contacts.profile.birthday'), profile.birthday && formatDay(profile.birthday, locale.language)],
    [t('contacts.profile.tags'), profile.tags.join(t('common.listComma')) || null],
    ...profile.other.map(([name = '', value = null]): [string, string | null] => [name, value]),
  ]
  const facts = known.filter((fact): fact is [string, string] => Boolean(fact[1]))
  return (
    <Stack gap="lg" component="aside" aria-label={t('contacts.profile.title')}>
      <Proposals proposals={contact.proposals} />
      <Section title={t('contacts.identities')}>
        {contact.identities.map(identity => (
          <div key={identity.identity}>
            <Text size="sm" className="who">
              {identity.name ?? identity.external}
            </Text>
            <Text size="xs" c="dimmed" className="who">
              {[
                names.identity(identity.kind),
                identity.channel && names.channel(identity.channel),
                identity.name && identity.external,
              ]
                .filter(Boolean)
                .join(' · ')}
            </Text>
          </div>
        ))}
      </Section>
      {contact.merges.length > 0 && (
        <Section title={t('contacts.mergesOf')}>
          {contact.merges.map(merge => (
            <StandingMerge key={merge.number} merge={merge} />
          ))}
        </Section>
      )}
      {contact.cases.length > 0 && (
        <Section title={t('contacts.cases')}>
          {contact.cases.map(one => (
            <div key={one.number}>
              <Group gap={6}>
                <Badge
                  className={`mark ${one.state === 'open' ? 'mark-bad' : one.state === 'resolved' ? 'mark-good' : ''}`}
                >
                  {t(`contacts.case.${one.state}`)}
                </Badge>
                <Text size="sm" className="who">
                  {one.subject || one.text}
                </Text>
              </Group>
              <Text size="xs" c="dimmed">
                {names.channel(one.channel)} · <When at={one.opened_at} />
              </Text>
            </div>
          ))}
        </Section>
      )}
      {contact.orders.length > 0 && (
        <Section title={t('contacts.ordersOf')}>
          {contact.orders.map(order => (
            <div key={order.number}>
              <Group gap={6} justify="space-between" wrap="nowrap">
                <Text size="sm" className="who">
                  {order.number}
                </Text>
                <Text size="sm" className="number">
                  {order.total ? formatMoney(order.total.minor, order.total.currency, locale.language, 'exact') : '–'}
                </Text>
              </Group>
              <Text size="xs" c="dimmed">
                <When at={order.placed_at} />
                {order.cancelled
                  ? ` · ${t('contacts.order.cancelled')}`
                  : order.delivered_at
                    ? ` · ${t(order.late ? 'contacts.order.late' : 'contacts.order.delivered')}`
                    : order.shipped_at
                      ? ` · ${t('contacts.order.shipped')}`
                      : order.paid_at
                        ? ` · ${t('contacts.order.paid')}`
                        : ''}
                {order.refunded &&
                  ` · ${t('contacts.order.refunded', { money: formatMoney(order.refunded.minor, order.refunded.currency, locale.language, 'exact') })}`}
              </Text>
              {order.lines.length > 0 && (
                <Text size="xs" c="dimmed" className="who">
                  {order.lines
                    .map(line =>
                      [line.item, line.quantity && line.quantity !== 1 ? `× ${line.quantity}` : null]
                        .filter(Boolean)
                        .join(' '),
                    )
                    .join(t('common.listComma'))}
                </Text>
              )}
            </div>
          ))}
        </Section>
      )}
      <Section title={t('contacts.consents')}>
        {contact.consents.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('contacts.noConsent')}
          </Text>
        ) : (
          contact.consents.map(consent => (
            <div key={`${consent.channel}${consent.purpose}${consent.at}`}>
              <Group gap={6}>
                <Badge className={`mark ${consent.state === 'given' ? 'mark-good' : 'mark-warm'}`}>
                  {t(`contacts.consent.${consent.state}`)}
                </Badge>
                <Text size="sm">
                  {consent.purpose} · {consent.channel ? names.channel(consent.channel) : t('contacts.consent.all')}
                </Text>
              </Group>
              <Text size="xs" c="dimmed" className="who">
                <When at={consent.at} /> · {consent.evidence}
                {!consent.valid && ` · ${t('contacts.consent.replaced')}`}
              </Text>
            </div>
          ))
        )}
      </Section>
      {facts.length > 0 && (
        <Section title={t('contacts.profile.title')}>
          <dl className="facts">
            {facts.map(([name, value]) => (
              <div key={name}>
                <Text component="dt" size="xs" c="dimmed">
                  {name}
                </Text>
                <dd className="who" style={{ marginInlineStart: 0 }}>
                  {value}
                </dd>
              </div>
            ))}
          </dl>
        </Section>
      )}
    </Stack>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="sheet" aria-label={title}>
      <Title order={2} size="h3" mb="xs">
        {title}
      </Title>
      <Stack gap="sm">{children}</Stack>
    </section>
  )
}

function Proposals({ proposals }: { proposals: Schemas['Merge'][] }) {
  const { t } = useTranslation()
  const { language } = useLocale()
  const decide = useDecide()
  const mayDecide = useCan('contacts.decide')
  if (proposals.length === 0) return null
  return (
    <Section title={t('merges.maybe')}>
      {proposals.map(proposal => (
        <div key={proposal.number}>
          <Text size="sm">
            <Anchor component={Link} to={`/contacts/${proposal.other.contact}`} className="who">
              {proposal.other.name}
            </Anchor>{' '}
            · {formatShare(proposal.confidence, language)}
          </Text>
          <Text size="xs" c="dimmed">
            {proposal.reason}
          </Text>
          {mayDecide && (
            <Group gap={6} mt={6}>
              <Button size="compact-sm" onClick={() => decide.mutate({ proposal, decision: 'same' })}>
                {t('merges.same')}
              </Button>
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => decide.mutate({ proposal, decision: 'different' })}
              >
                {t('merges.different')}
              </Button>
            </Group>
          )}
        </div>
      ))}
    </Section>
  )
}

function StandingMerge({ merge }: { merge: Schemas['Merge'] }) {
  const { t } = useTranslation()
  const names = useNames()
  const { language } = useLocale()
  const undo = useUndoMerge()
  const mayDecide = useCan('contacts.decide')
  return (
    <div>
      <Text size="sm" className="who">
        {merge.one.name} = {merge.other.name}
      </Text>
      <Text size="xs" c="dimmed">
        {merge.reason} · {formatShare(merge.confidence, language)} · {merge.made_by ?? t('merges.byRule')}
        {merge.basis && ` · ${names.identity(merge.basis)}`}
      </Text>
      {mayDecide && merge.undone_at === null && (
        <Button
          size="compact-sm"
          variant="subtle"
          loading={undo.isPending}
          aria-label={t('merges.undoLabel', { one: merge.one.name, other: merge.other.name })}
          onClick={() => undo.mutate(merge)}
        >
          {t('merges.undo')}
        </Button>
      )}
    </div>
  )
}

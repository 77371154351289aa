// Who works here and what each may do; new people come by a link that is shown once.
import { Badge, Button, CopyButton, Group, Modal, Select, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconUserPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '../../api/client'
import { useNames } from '../../lib/names'
import { Failure, Waiting } from '../../lib/States'
import { oneOf } from '../../lib/search'
import { useSession } from '../../lib/session'
import { failed, said } from '../../lib/Undo'
import { When } from '../../lib/When'

export const ROLES = ['owner', 'manager', 'editor', 'agent', 'analyst'] as const
type Role = (typeof ROLES)[number]

export function People() {
  const { t } = useTranslation()
  const names = useNames()
  const session = useSession()
  const queries = useQueryClient()
  const [inviting, invite] = useDisclosure(false)
  const users = useQuery({
    queryKey: ['users'],
    queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/users', { signal }))).items,
  })
  const invitations = useQuery({
    queryKey: ['invitations'],
    queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/invitations', { signal }))).items,
  })
  const put = (id: string, body: { role?: Role; disabled?: boolean }) =>
    ask(api.PUT('/api/v1/users/{user}', { params: { path: { user: id } }, body }))
  const settle = () => queries.invalidateQueries({ queryKey: ['users'] })
  const change = useMutation({
    mutationFn: ({ user, body }: { user: Schemas['Member']; body: { role?: Role; disabled?: boolean } }) =>
      put(user.id, body),
    onSuccess: (_, { user, body }) =>
      said(t('settings.saved'), async () => {
        await put(user.id, body.role ? { role: user.role } : { disabled: user.disabled })
        await settle()
      }),
    onError: failed,
    onSettled: settle,
  })
  const reset = useMutation({
    // The document gives the answer the shape of another `Link`; this is what comes.
    mutationFn: async (id: string) =>
      (await ask(api.POST('/api/v1/users/{user}/reset-link', { params: { path: { user: id } } }))) as unknown as {
        link: string
      },
    onError: failed,
  })
  const noFactor = useMutation({
    mutationFn: (id: string) =>
      ask(api.POST('/api/v1/users/{user}/remove-second-factor', { params: { path: { user: id } } })),
    onSuccess: () => said(t('settings.people.noFactorDone')),
    onError: failed,
    onSettled: settle,
  })
  const withdraw = useMutation({
    mutationFn: (id: string) =>
      ask(api.DELETE('/api/v1/invitations/{invitation}', { params: { path: { invitation: id } } })),
    onSuccess: () => said(t('settings.people.withdrawn')),
    onError: failed,
    onSettled: () => queries.invalidateQueries({ queryKey: ['invitations'] }),
  })
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start">
        <Text c="dimmed" maw={560}>
          {t('settings.people.about')}
        </Text>
        <Button leftSection={<IconUserPlus size={16} />} onClick={invite.open}>
          {t('settings.people.invite')}
        </Button>
      </Group>
      {users.isPending && <Waiting rows={3} />}
      {users.error && <Failure error={users.error} retry={() => users.refetch()} />}
      {users.data && (
        <div className="sheet">
          <Table role="table" className="cards" aria-label={t('settings.tab.people')}>
            <Table.Thead role="rowgroup">
              <Table.Tr role="row">
                {(['name', 'role', 'factor', 'seen', 'act'] as const).map(key => (
                  <Table.Th role="columnheader" key={key}>
                    {t(`settings.people.${key}`)}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody role="rowgroup">
              {users.data.map(user => {
                const self = user.id === session.user.id
                return (
                  <Table.Tr role="row" key={user.id}>
                    <Table.Td role="cell" className="first who">
                      {user.name}{' '}
                      <Text component="span" size="sm" c="dimmed">
                        {user.login}
                        {self ? ` · ${t('settings.people.you')}` : ''}
                      </Text>
                    </Table.Td>
                    <Table.Td role="cell" data-label={t('settings.people.role')}>
                      <Select
                        size="xs"
                        w={140}
                        aria-label={t('settings.people.roleOf', { name: user.name })}
                        disabled={self}
                        allowDeselect={false}
                        data={ROLES.map(role => ({ value: role as string, label: names.role(role) }))}
                        value={user.role}
                        onChange={value => {
                          const role = oneOf(value, ROLES)
                          if (role && role !== user.role) change.mutate({ user, body: { role } })
                        }}
                      />
                    </Table.Td>
                    <Table.Td role="cell" data-label={t('settings.people.factor')}>
                      <Badge className={`mark ${user.totp ? 'mark-good' : ''}`}>
                        {t(user.totp ? 'settings.people.factorOn' : 'settings.people.factorOff')}
                      </Badge>
                    </Table.Td>
                    <Table.Td role="cell" data-label={t('settings.people.seen')}>
                      {user.last_seen_at ? <When at={user.last_seen_at} /> : t('settings.people.never')}
                    </Table.Td>
                    <Table.Td role="cell" data-label={t('settings.people.act')}>
                      <Group gap={6}>
                        {!self && (
                          <Button
                            size="compact-sm"
                            variant="default"
                            aria-label={t('settings.people.resetOf', { name: user.name })}
                            onClick={() => reset.mutate(user.id)}
                          >
                            {t('settings.people.reset')}
                          </Button>
                        )}
                        {!self && user.totp && (
                          <Button
                            size="compact-sm"
                            variant="default"
                            aria-label={t('settings.people.noFactorOf', { name: user.name })}
                            onClick={() => noFactor.mutate(user.id)}
                          >
                            {t('settings.people.noFactor')}
                          </Button>
                        )}
                        {!self && (
                          <Button
                            size="compact-sm"
                            variant="default"
                            aria-label={t(user.disabled ? 'settings.people.enableOf' : 'settings.people.disableOf', {
                              name: user.name,
                            })}
                            onClick={() => change.mutate({ user, body: { disabled: !user.disabled } })}
                          >
                            {t(user.disabled ? 'settings.people.enable' : 'settings.people.disable')}
                          </Button>
                        )}
                      </Group>
                    </Table.Td>
                  </Table.Tr>
                )
              })}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {invitations.error && <Failure error={invitations.error} retry={() => invitations.refetch()} />}
      {invitations.data && invitations.data.length > 0 && (
        <section className="sheet" aria-labelledby="invitations">
          <Title order={2} size="h3" id="invitations" mb="xs">
            {t('settings.people.open')}
          </Title>
          <Stack gap="xs">
            {invitations.data.map(invitation => (
              <Group key={invitation.id} justify="space-between">
                <Text className="who">
                  {invitation.note || '–'} · {names.role(invitation.role)} ·{' '}
                  <Text component="span" size="sm" c="dimmed">
                    {t('settings.people.until')} <When at={invitation.ends_at} />
                  </Text>
                </Text>
                <Button
                  size="compact-sm"
                  variant="subtle"
                  onClick={() => withdraw.mutate(invitation.id)}
                  aria-label={t('settings.people.withdrawOf', { name: invitation.note || names.role(invitation.role) })}
                >
                  {t('settings.people.withdraw')}
                </Button>
              </Group>
            ))}
          </Stack>
        </section>
      )}
      <Modal
        opened={inviting}
        onClose={invite.close}
        title={t('settings.people.invite')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <Invite />
      </Modal>
      <Modal
        opened={reset.data !== undefined}
        onClose={reset.reset}
        title={t('settings.people.reset')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {reset.data && <Once about={t('settings.people.linkOnce')} text={`${location.origin}${reset.data.link}`} />}
      </Modal>
    </Stack>
  )
}

function Invite() {
  const { t } = useTranslation()
  const names = useNames()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('editor')
  const invite = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/invitations', { body: { note: name.trim(), role } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['invitations'] }),
  })
  if (invite.data) return <Once about={t('settings.people.linkOnce')} text={`${location.origin}${invite.data.link}`} />
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        invite.mutate()
      }}
    >
      <Stack>
        {invite.error && <Failure error={invite.error} />}
        <TextInput
          label={t('settings.people.note')}
          description={t('settings.people.noteAbout')}
          data-autofocus
          value={name}
          onChange={event => setName(event.currentTarget.value)}
        />
        <Select
          label={t('settings.people.role')}
          description={t(`settings.people.roleAbout.${role}`)}
          allowDeselect={false}
          data={ROLES.map(value => ({ value: value as string, label: names.role(value) }))}
          value={role}
          onChange={value => setRole(oneOf(value, ROLES) ?? 'editor')}
        />
        <Button type="submit" loading={invite.isPending}>
          {t('settings.people.makeLink')}
        </Button>
      </Stack>
    </form>
  )
}

/** Something that is shown once and never again. */
export function Once({ about, text }: { about: string; text: string }) {
  const { t } = useTranslation()
  return (
    <Stack>
      <Text size="sm">{about}</Text>
      <TextInput readOnly aria-label={about} value={text} onFocus={event => event.currentTarget.select()} />
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button variant="default" onClick={copy}>
            {t(copied ? 'common.copied' : 'common.copy')}
          </Button>
        )}
      </CopyButton>
    </Stack>
  )
}

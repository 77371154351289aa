// Tokens with which machines call the API; each may only what it needs, and its text is shown once.
import { Button, Checkbox, Group, Modal, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '../../api/client'
import { useNames } from '../../lib/names'
import { Empty, Failure, Waiting } from '../../lib/States'
import { useSession } from '../../lib/session'
import { failed, said } from '../../lib/Undo'
import { When } from '../../lib/When'
import { Once } from './People'

export function Tokens() {
  const { t } = useTranslation()
  const names = useNames()
  const queries = useQueryClient()
  const [making, make] = useDisclosure(false)
  const tokens = useQuery({
    queryKey: ['tokens'],
    queryFn: async ({ signal }) =>
      (await ask(api.GET('/api/v1/tokens', { signal }))).items.filter(token => !token.revoked_at),
  })
  const end = useMutation({
    mutationFn: (id: string) => ask(api.DELETE('/api/v1/tokens/{token}', { params: { path: { token: id } } })),
    onSuccess: () => said(t('settings.tokens.ended')),
    onError: failed,
    onSettled: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  })
  // A token cannot come back, and whatever uses it stops at once: this asks first.
  const [ending, setEnding] = useState<Schemas['Token'] | null>(null)
  return (
    <Stack>
      <Group justify="space-between" align="flex-start">
        <Text c="dimmed" maw={560}>
          {t('settings.tokens.about')}
        </Text>
        <Button leftSection={<IconPlus size={16} />} onClick={make.open}>
          {t('settings.tokens.make')}
        </Button>
      </Group>
      {tokens.isPending && <Waiting rows={2} />}
      {tokens.error && <Failure error={tokens.error} retry={() => tokens.refetch()} />}
      {tokens.data?.length === 0 && (
        <Empty title={t('settings.tokens.empty')} about={t('settings.tokens.emptyAbout')} />
      )}
      {(tokens.data ?? []).map(token => (
        <div key={token.id} className="sheet">
          <Group justify="space-between">
            <div>
              <Text fw={600} className="who">
                {token.name}
              </Text>
              <Text size="sm" c="dimmed">
                {token.scopes.map(names.permission).join(t('common.listComma'))}
              </Text>
              <Text size="xs" c="dimmed">
                {t('settings.tokens.made')} <When at={token.created_at} /> ·{' '}
                {token.last_used_at ? (
                  <>
                    {t('settings.tokens.used')} <When at={token.last_used_at} />
                  </>
                ) : (
                  t('settings.tokens.unused')
                )}{' '}
                ·{' '}
                {token.ends_at ? (
                  <>
                    {t('settings.people.until')} <When at={token.ends_at} />
                  </>
                ) : (
                  t('settings.tokens.forever')
                )}
              </Text>
            </div>
            <Button
              variant="default"
              size="compact-md"
              onClick={() => setEnding(token)}
              aria-label={t('settings.tokens.endTitle', { name: token.name })}
            >
              {t('settings.tokens.end')}
            </Button>
          </Group>
        </div>
      ))}
      <Modal
        opened={making}
        onClose={make.close}
        title={t('settings.tokens.make')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <Make />
      </Modal>
      <Modal
        opened={ending !== null}
        onClose={() => setEnding(null)}
        title={t('settings.tokens.endTitle', { name: ending?.name })}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <Text size="sm">{t('settings.tokens.endAbout')}</Text>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setEnding(null)}>
            {t('common.cancel')}
          </Button>
          <Button
            onClick={() => {
              if (ending) end.mutate(ending.id)
              setEnding(null)
            }}
          >
            {t('settings.tokens.end')}
          </Button>
        </Group>
      </Modal>
    </Stack>
  )
}

const LIFETIMES = ['30', '90', '365', 'forever'] as const

function Make() {
  const { t } = useTranslation()
  const names = useNames()
  const { permissions } = useSession()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<string[]>([])
  const [days, setDays] = useState<string>('90')
  const make = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/api/v1/tokens', {
          body: {
            name: name.trim(),
            scopes: chosen,
            ends_in_days: days === 'forever' ? null : Number(days),
          },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  })
  if (make.data) return <Once about={t('settings.tokens.once')} text={make.data.secret} />
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        make.mutate()
      }}
    >
      <Stack>
        {make.error && <Failure error={make.error} />}
        <TextInput
          label={t('settings.tokens.name')}
          placeholder={t('settings.tokens.nameExample')}
          required
          data-autofocus
          value={name}
          onChange={event => setName(event.currentTarget.value)}
        />
        <Checkbox.Group label={t('settings.tokens.may')} value={chosen} onChange={setChosen} withAsterisk>
          <SimpleGrid cols={{ base: 1, sm: 2 }} mt="xs" spacing="xs">
            {permissions.map(permission => (
              <Checkbox key={permission} value={permission} label={names.permission(permission)} />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
        <Select
          label={t('settings.tokens.lifetime')}
          allowDeselect={false}
          data={LIFETIMES.map(value => ({
            value: value as string,
            label: value === 'forever' ? t('settings.tokens.forever') : t('figure.days', { value }),
          }))}
          value={days}
          onChange={value => value && setDays(value)}
        />
        <Button type="submit" loading={make.isPending} disabled={chosen.length === 0}>
          {t('settings.tokens.make')}
        </Button>
      </Stack>
    </form>
  )
}

// One's own accounts: each has one role, that is one objective, one audience, one measure. None, or several, is a fault (2.1, 2.10).
import { Alert, Badge, Button, Group, Modal, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { IconAlertTriangle, IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, language as apiLanguage, ask, type Schemas } from '../../api/client'
import { useNames } from '../../lib/names'
import { Empty, Failure, Waiting } from '../../lib/States'
import { useCan } from '../../lib/session'
import { said } from '../../lib/Undo'
import { slugOf } from '../welcome/slug'

type Account = Schemas['Account']

export function Accounts() {
  const { t } = useTranslation()
  const may = useCan('plan.write')
  const [adding, add] = useDisclosure(false)
  const [role, setRole] = useState<Account | null>(null)
  const accounts = useQuery({
    queryKey: ['accounts', apiLanguage()],
    queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/accounts', { signal }))).items,
  })
  const button = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={add.open}>
      {t('settings.accounts.add')}
    </Button>
  )
  return (
    <Stack>
      <Group justify="space-between" align="flex-start">
        <Text c="dimmed" maw={560}>
          {t('settings.accounts.about')}
        </Text>
        {button}
      </Group>
      {accounts.isPending && <Waiting rows={3} height={100} />}
      {accounts.error && <Failure error={accounts.error} retry={() => accounts.refetch()} />}
      {accounts.data?.length === 0 && (
        <Empty title={t('settings.accounts.empty')} about={t('settings.accounts.emptyAbout')} />
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} data-state={accounts.data?.length ? 'data' : undefined}>
        {(accounts.data ?? []).map(account => (
          <Card key={account.id} account={account} give={may ? () => setRole(account) : undefined} />
        ))}
      </SimpleGrid>
      <Modal
        opened={adding}
        onClose={add.close}
        title={t('settings.accounts.add')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <AddAccount close={add.close} />
      </Modal>
      <Modal
        opened={role !== null}
        onClose={() => setRole(null)}
        title={role ? t('settings.accounts.roleOf', { handle: role.handle }) : ''}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {role && <GiveRole key={role.id} account={role} close={() => setRole(null)} />}
      </Modal>
    </Stack>
  )
}

function Card({ account, give }: { account: Account; give?: () => void }) {
  const { t } = useTranslation()
  const names = useNames()
  return (
    <section className="sheet" aria-label={account.handle}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={3} className="who">
            {account.handle}
          </Title>
          <Badge className="mark">{names.channel(account.channel)}</Badge>
        </Group>
        {account.fault && (
          <Alert variant="default" className="failure" icon={<IconAlertTriangle />}>
            {account.fault.sentence}
          </Alert>
        )}
        {account.roles.map(role => (
          <dl key={role.objective + role.audience + role.measure} className="facts three">
            {(['objective', 'audience', 'measure'] as const).map(part => (
              <div key={part}>
                <Text component="dt" size="xs" c="dimmed">
                  {t(`settings.accounts.${part}`)}
                </Text>
                <dd className="who">{role[part] || '–'}</dd>
              </div>
            ))}
          </dl>
        ))}
        {give && (
          <Group>
            <Button
              size="sm"
              variant={account.fault ? 'filled' : 'default'}
              onClick={give}
              aria-label={`${t(account.fault ? 'settings.accounts.give' : 'settings.accounts.change')}: ${account.handle}`}
            >
              {t(account.fault ? 'settings.accounts.give' : 'settings.accounts.change')}
            </Button>
          </Group>
        )}
      </Stack>
    </section>
  )
}

function GiveRole({ account, close }: { account: Account; close: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const known = account.roles[0]
  const form = useForm({
    initialValues: {
      objective: known?.objective ?? '',
      audience: known?.audience ?? '',
      measure: known?.measure ?? '',
    },
    validate: {
      objective: value => (value.trim() ? null : t('form.needed')),
      audience: value => (value.trim() ? null : t('form.needed')),
      measure: value => (value.trim() ? null : t('form.needed')),
    },
  })
  const put = (body: Schemas['AccountRoleBody']) =>
    ask(api.PUT('/api/v1/accounts/{account}/role', { params: { path: { account: account.id } }, body }))
  const save = useMutation({
    mutationFn: put,
    onSuccess: async () => {
      close()
      await queries.invalidateQueries({ queryKey: ['accounts'] })
      // Only a single earlier role can be brought back: none or several were the fault.
      const before = account.roles.length === 1 ? known : undefined
      said(
        t('settings.saved'),
        before &&
          (async () => {
            await put(before)
            await queries.invalidateQueries({ queryKey: ['accounts'] })
          }),
      )
    },
  })
  return (
    <form onSubmit={form.onSubmit(values => save.mutate(values))} noValidate>
      <Stack>
        {save.error && <Failure error={save.error} />}
        <Text size="sm" c="dimmed">
          {t('settings.accounts.one')}
        </Text>
        {(['objective', 'audience', 'measure'] as const).map((part, at) => (
          <TextInput
            key={part}
            label={t(`settings.accounts.${part}`)}
            placeholder={t(`settings.accounts.${part}Example`)}
            withAsterisk
            data-autofocus={at === 0 || undefined}
            {...form.getInputProps(part)}
          />
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function AddAccount({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const form = useForm({
    initialValues: { channel: 'weibo', handle: '' },
    validate: {
      handle: value => (value.trim() ? null : t('form.needed')),
      channel: value => (value.trim() ? null : t('form.needed')),
    },
  })
  const save = useMutation({
    mutationFn: ({ channel, handle }: { channel: string; handle: string }) =>
      ask(
        api.PUT('/api/v1/accounts/{account}', {
          params: { path: { account: slugOf(`${channel}-${handle}`) || channel } },
          body: { channel: channel.trim(), handle: handle.trim() },
        }),
      ),
    onSuccess: async () => {
      close()
      await queries.invalidateQueries({ queryKey: ['accounts'] })
      said(t('settings.saved'))
    },
  })
  return (
    <form onSubmit={form.onSubmit(values => save.mutate(values))} noValidate>
      <Stack>
        {save.error && <Failure error={save.error} />}
        <TextInput
          label={t('settings.accounts.handle')}
          placeholder="@清明茶舍"
          withAsterisk
          data-autofocus
          {...form.getInputProps('handle')}
        />
        <TextInput
          label={t('settings.accounts.channel')}
          description={t('settings.accounts.channelAbout')}
          withAsterisk
          {...form.getInputProps('channel')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

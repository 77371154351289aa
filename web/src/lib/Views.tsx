// Saved views: a page with its filters under a name, for oneself or for everybody.
import { ActionIcon, Button, Checkbox, Group, Menu, Modal, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBookmark, IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '../api/client'
import { useCan } from './session'
import { failed, said } from './Undo'

export function Views({ page }: { page: string }) {
  const { t } = useTranslation()
  const router = useRouter()
  const queries = useQueryClient()
  const [opened, modal] = useDisclosure(false)
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const mayShare = useCan('views.share')
  const views = useQuery({
    queryKey: ['views', page],
    queryFn: async ({ signal }) =>
      (await ask(api.GET('/api/v1/views', { signal }))).items.filter(view => view.path.split('?')[0] === `/${page}`),
  })
  const settle = () => queries.invalidateQueries({ queryKey: ['views', page] })
  const create = (body: { name: string; path: string; shared: boolean }) => ask(api.POST('/api/v1/views', { body }))
  const save = useMutation({
    mutationFn: () => create({ name: name.trim(), path: `/${page}${router.state.location.searchStr}`, shared }),
    onSuccess: () => {
      modal.close()
      setName('')
      said(t('views.saved'))
    },
    onError: failed,
    onSettled: settle,
  })
  const forget = useMutation({
    mutationFn: (view: Schemas['View']) =>
      ask(api.DELETE('/api/v1/views/{view}', { params: { path: { view: view.id } } })),
    onSuccess: (_, view) =>
      said(t('views.forgotten', { name: view.name }), async () => {
        await create({ name: view.name, path: view.path, shared: view.shared })
        await settle()
      }),
    onError: failed,
    onSettled: settle,
  })
  return (
    <>
      <Menu position="bottom-end" withinPortal returnFocus>
        <Menu.Target>
          <Button variant="default" leftSection={<IconBookmark size={16} stroke={1.6} />}>
            {t('views.title')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(views.data ?? []).map(view => (
            <Menu.Item key={view.id} onClick={() => router.history.push(view.path)}>
              {view.name}
              {view.shared ? ` · ${t('views.shared')}` : ''}
            </Menu.Item>
          ))}
          {views.data?.length === 0 && <Menu.Label>{t('views.none')}</Menu.Label>}
          <Menu.Divider />
          <Menu.Item leftSection={<IconPlus size={14} />} onClick={modal.open}>
            {t('views.save')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={opened}
        onClose={modal.close}
        title={t('views.save')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <form
          onSubmit={event => {
            event.preventDefault()
            save.mutate()
          }}
        >
          <Stack>
            <TextInput
              label={t('views.name')}
              required
              data-autofocus
              value={name}
              onChange={event => setName(event.currentTarget.value)}
            />
            <Checkbox
              label={t('views.share')}
              disabled={!mayShare}
              checked={shared}
              onChange={event => setShared(event.currentTarget.checked)}
            />
            <Button type="submit" loading={save.isPending}>
              {t('common.save')}
            </Button>
            {(views.data ?? [])
              .filter(view => view.mine)
              .map(view => (
                <Group key={view.id} justify="space-between">
                  <span className="who">{view.name}</span>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('views.forget', { name: view.name })}
                    onClick={() => forget.mutate(view)}
                  >
                    <IconTrash size={16} />
                  </ActionIcon>
                </Group>
              ))}
          </Stack>
        </form>
      </Modal>
    </>
  )
}

// The names that people talk about: one's own and the competitors'.
import { Badge, Button, Group, Modal, SegmentedControl, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '../../api/client'
import { DataTable } from '../../lib/DataTable'
import { Empty, Failure, Waiting } from '../../lib/States'
import { useCan } from '../../lib/session'
import { said } from '../../lib/Undo'
import { slugOf } from '../welcome/slug'

type Brand = Schemas['Brand']

export function Brands() {
  const { t } = useTranslation()
  const may = useCan('plan.write')
  const [open, setOpen] = useState<Brand | 'new' | null>(null)
  const brands = useQuery({
    queryKey: ['brands'],
    queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/brands', { signal }))).items,
  })
  return (
    <Stack>
      <Group justify="space-between" align="flex-start">
        <Text c="dimmed" maw={560}>
          {t('settings.brands.about')}
        </Text>
        {may && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen('new')}>
            {t('settings.brands.add')}
          </Button>
        )}
      </Group>
      {brands.isPending && <Waiting rows={3} />}
      {brands.error && <Failure error={brands.error} retry={() => brands.refetch()} />}
      {brands.data?.length === 0 && <Empty title={t('settings.brands.empty')} about={t('settings.brands.about')} />}
      {brands.data && brands.data.length > 0 && (
        <DataTable
          name={t('settings.tab.brands')}
          rows={brands.data}
          rowKey={row => row.id}
          columns={[
            {
              key: 'name',
              title: t('settings.brands.name'),
              sortable: true,
              plain: row => row.name,
              cell: row =>
                may ? (
                  <Button variant="subtle" size="compact-sm" onClick={() => setOpen(row)}>
                    {row.name}
                  </Button>
                ) : (
                  row.name
                ),
            },
            {
              key: 'side',
              title: t('settings.brands.side'),
              sortable: true,
              plain: row => t(`settings.brands.${row.side}`),
              cell: row => (
                <Badge className={`mark ${row.side === 'own' ? 'mark-good' : ''}`}>
                  {t(`settings.brands.${row.side}`)}
                </Badge>
              ),
            },
            {
              key: 'aliases',
              title: t('settings.brands.aliases'),
              plain: row => row.aliases.join(' '),
              cell: row => row.aliases.join(t('common.listComma')) || '–',
            },
          ]}
        />
      )}
      <Modal
        opened={open !== null}
        onClose={() => setOpen(null)}
        title={t(open === 'new' ? 'settings.brands.add' : 'common.edit')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {open && <BrandForm brand={open === 'new' ? undefined : open} close={() => setOpen(null)} />}
      </Modal>
    </Stack>
  )
}

function BrandForm({ brand, close }: { brand?: Brand; close: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const form = useForm<{ name: string; side: 'own' | 'competitor'; aliases: string[] }>({
    initialValues: { name: brand?.name ?? '', side: brand?.side ?? 'competitor', aliases: brand?.aliases ?? [] },
    validate: { name: value => (value.trim() ? null : t('form.needed')) },
  })
  const save = useMutation({
    mutationFn: (body: { name: string; side: 'own' | 'competitor'; aliases: string[] }) =>
      ask(
        api.PUT('/api/v1/brands/{brand}', {
          params: { path: { brand: brand?.id ?? (slugOf(body.name) || 'brand') } },
          body,
        }),
      ),
    onSuccess: async () => {
      close()
      await queries.invalidateQueries({ queryKey: ['brands'] })
      said(t('settings.saved'))
    },
  })
  return (
    <form onSubmit={form.onSubmit(values => save.mutate(values))} noValidate>
      <Stack>
        {save.error && <Failure error={save.error} />}
        <TextInput label={t('settings.brands.name')} withAsterisk data-autofocus {...form.getInputProps('name')} />
        <SegmentedControl
          aria-label={t('settings.brands.side')}
          data={[
            { value: 'own', label: t('settings.brands.own') },
            { value: 'competitor', label: t('settings.brands.competitor') },
          ]}
          {...form.getInputProps('side')}
        />
        <TagsInput
          label={t('settings.brands.aliases')}
          description={t('settings.brands.aliasesAbout')}
          {...form.getInputProps('aliases')}
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

// A placement: medium, content, form, place, days, cost and its own tracked link (demand 3.1).
import { Button, Group, Modal, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { DatePickerInput } from '@mantine/dates'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '../../api/client'
import { useDateInput } from '../../lib/dates'
import { useNames } from '../../lib/names'
import { Failure } from '../../lib/States'
import { said } from '../../lib/Undo'
import { names as english } from '../../locales/en/names'
import { slugOf } from '../welcome/slug'

const MEDIA = Object.keys(english.channel).filter(medium => medium !== 'direct')

interface Props {
  campaign: Schemas['Campaign']
  placement: Schemas['Placement'] | 'new' | null
  close: () => void
}

export function PlacementForm({ campaign, placement, close }: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={placement !== null}
      onClose={close}
      size="lg"
      title={t(placement === 'new' ? 'campaigns.media.add' : 'campaigns.media.edit')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {placement && (
        <Fields
          key={placement === 'new' ? 'new' : placement.id}
          campaign={campaign}
          known={placement === 'new' ? undefined : placement}
          close={close}
        />
      )}
    </Modal>
  )
}

interface Values {
  medium: string
  content: string
  form: string
  place: string
  days: [string | null, string | null]
  cost: string
  link: string
}

function Fields({
  campaign,
  known,
  close,
}: {
  campaign: Schemas['Campaign']
  known?: Schemas['Placement']
  close: () => void
}) {
  const { t } = useTranslation()
  const names = useNames()
  const queries = useQueryClient()
  const dates = useDateInput()
  const form = useForm<Values>({
    initialValues: {
      medium: known?.medium ?? 'weibo',
      content: known?.content ?? '',
      form: known?.form ?? '',
      place: known?.place ?? '',
      days: [known?.from ?? campaign.from, known?.until ?? campaign.until],
      cost: known?.cost ? String(known.cost.amount) : '',
      link: known?.link ?? '',
    },
    validate: {
      content: value => (value.trim() ? null : t('form.needed')),
      days: ([from, until]) => (from && until ? null : t('form.needed')),
    },
  })
  const save = useMutation({
    mutationFn: (values: Values) =>
      ask(
        api.PUT('/api/v1/placements/{placement}', {
          params: { path: { placement: known?.id ?? newId(campaign, values) } },
          body: {
            campaign: campaign.id,
            medium: values.medium,
            content: values.content.trim(),
            form: values.form.trim(),
            place: values.place.trim(),
            from: values.days[0] ?? campaign.from,
            until: values.days[1] ?? campaign.until,
            cost: values.cost.trim() || null,
            link: values.link.trim() || null,
          },
        }),
      ),
    onSuccess: () => {
      said(t('campaigns.media.saved'))
      void queries.invalidateQueries({ queryKey: ['campaigns'] })
      close()
    },
  })
  return (
    <form onSubmit={form.onSubmit(values => save.mutate(values))} noValidate>
      <Stack>
        {save.error && <Failure error={save.error} />}
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label={t('campaigns.media.content')}
            withAsterisk
            data-autofocus
            {...form.getInputProps('content')}
          />
          <Select
            label={t('campaigns.media.medium')}
            searchable
            allowDeselect={false}
            data={[...new Set([...MEDIA, form.getValues().medium])].map(value => ({
              value,
              label: names.medium(value),
            }))}
            {...form.getInputProps('medium')}
          />
          <TextInput
            label={t('campaigns.media.form')}
            placeholder={t('campaigns.media.formExample')}
            {...form.getInputProps('form')}
          />
          <TextInput
            label={t('campaigns.media.place')}
            placeholder={t('campaigns.media.placeExample')}
            {...form.getInputProps('place')}
          />
          <DatePickerInput
            type="range"
            allowSingleDateInRange
            label={t('campaigns.media.days')}
            withAsterisk
            {...dates}
            {...form.getInputProps('days')}
          />
          <TextInput
            label={t('campaigns.media.cost')}
            placeholder="¥1,200"
            inputMode="decimal"
            {...form.getInputProps('cost')}
          />
        </SimpleGrid>
        <TextInput
          label={t('campaigns.media.link')}
          description={t('campaigns.media.linkAbout')}
          {...form.getInputProps('link')}
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

/** A name of its own: the campaign, the content, and a number where that name is taken. */
function newId(campaign: Schemas['Campaign'], values: Values): string {
  const base = slugOf(`${campaign.id}-${values.content}`) || `${campaign.id}-${values.medium}`
  const taken = new Set(campaign.placements.map(placement => placement.id))
  let id = base
  for (let number = 2; taken.has(id); number += 1) id = `${base}-${number}`
  return id
}

// Writes a campaign: days, what success is, stages with steps, who does each and when.
import {
  ActionIcon,
  Alert,
  Button,
  Checkbox,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core'
import { DatePickerInput } from '@mantine/dates'
import { useForm } from '@mantine/form'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ApiError, api, ask, type Schemas } from '../../api/client'
import { useDateInput } from '../../lib/dates'
import { useNames } from '../../lib/names'
import { Failure } from '../../lib/States'
import { addDays, todayIn } from '../../lib/search'
import { useLocale } from '../../lib/session'
import { said } from '../../lib/Undo'
import { slugOf } from '../welcome/slug'
import { bodyOf } from './CampaignPage'

type Campaign = Schemas['Campaign']
const MEASURES = ['orders', 'revenue', 'leads', 'visits'] as const

interface Values {
  name: string
  days: [string | null, string | null]
  defined: boolean
  measure: string
  baseline: number | string
  target: number | string
  by: string | null
  method: string
  stages: Schemas['Stage'][]
}

export function CampaignForm({ campaign, close }: { campaign?: Campaign; close?: () => void }) {
  const { t } = useTranslation()
  const names = useNames()
  const { zone } = useLocale()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const dates = useDateInput()
  const today = todayIn(zone, new Date())
  const success = campaign?.success
  const form = useForm<Values>({
    initialValues: {
      name: campaign?.name ?? '',
      days: [campaign?.from ?? addDays(today, 7), campaign?.until ?? addDays(today, 20)],
      // A new campaign begins with the question what success would be.
      defined: campaign ? Boolean(success) : true,
      measure: success?.measure ?? 'orders',
      baseline: success?.baseline ?? '',
      target: success?.target ?? '',
      by: success?.by ?? campaign?.until ?? addDays(today, 20),
      method: success?.method ?? '',
      stages: campaign?.stages ?? [],
    },
    validate: {
      name: value => (value.trim() ? null : t('form.needed')),
      days: ([from, until]) => (from && until ? null : t('form.needed')),
      baseline: (value, all) => (all.defined && value === '' ? t('form.needed') : null),
      target: (value, all) =>
        !all.defined
          ? null
          : value === ''
            ? t('form.needed')
            : Number(value) <= Number(all.baseline)
              ? t('campaigns.form.targetLow')
              : null,
      method: (value, all) => (all.defined && !value.trim() ? t('form.needed') : null),
      by: (value, all) => (all.defined && !value ? t('form.needed') : null),
      stages: {
        name: value => (value.trim() ? null : t('form.needed')),
        steps: {
          what: value => (value.trim() ? null : t('form.needed')),
          on: value => (value ? null : t('form.needed')),
        },
      },
    },
  })
  const bodyFrom = (values: Values): Schemas['CampaignBody'] => ({
    name: values.name.trim(),
    from: values.days[0] ?? '',
    until: values.days[1] ?? '',
    success: values.defined
      ? {
          measure: values.measure.trim(),
          baseline: Number(values.baseline),
          target: Number(values.target),
          by: values.by ?? '',
          method: values.method.trim(),
        }
      : null,
    stages: values.stages,
  })
  const put = (id: string, body: Schemas['CampaignBody']) =>
    ask(api.PUT('/api/v1/campaigns/{campaign}', { params: { path: { campaign: id } }, body }))
  const save = useMutation({
    mutationFn: (values: Values) => {
      const body = bodyFrom(values)
      return campaign
        ? put(campaign.id, body)
        : ask(api.POST('/api/v1/campaigns', { body: { ...body, id: slugOf(body.name) || `campaign-${body.from}` } }))
    },
    onSuccess: async saved => {
      queries.setQueryData(['campaigns', saved.id], saved)
      void queries.invalidateQueries({ queryKey: ['campaigns'] })
      if (campaign) {
        said(t('campaigns.form.saved'), async () => {
          await put(campaign.id, bodyOf(campaign))
          await queries.invalidateQueries({ queryKey: ['campaigns'] })
        })
        close?.()
      } else {
        said(t('campaigns.form.created', { name: saved.name }))
        await navigate({ to: '/campaigns/$id', params: { id: saved.id }, search: {} })
      }
    },
  })
  const stages = form.getValues().stages
  const undefinedNow = save.error instanceof ApiError && save.error.problem.code === 'no-definition-of-success'
  return (
    <form onSubmit={form.onSubmit(values => save.mutate(values))} noValidate>
      <Stack gap="lg">
        {save.error && <Failure error={save.error} />}
        <section className="sheet">
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput label={t('campaigns.form.name')} withAsterisk {...form.getInputProps('name')} />
            <DatePickerInput
              type="range"
              allowSingleDateInRange
              label={t('campaigns.form.days')}
              withAsterisk
              {...dates}
              {...form.getInputProps('days')}
            />
          </SimpleGrid>
        </section>
        <section className="sheet" aria-labelledby="success-head">
          <Title order={2} size="h3" id="success-head">
            {t('campaigns.form.success')}
          </Title>
          <Checkbox
            mt="xs"
            mb="md"
            label={t('campaigns.form.defined')}
            description={t('campaigns.form.definedAbout')}
            {...form.getInputProps('defined', { type: 'checkbox' })}
          />
          {undefinedNow && (
            <Alert variant="default" className="failure" mb="md">
              {t('campaigns.heldAbout')}
            </Alert>
          )}
          {form.getValues().defined && (
            <Stack>
              <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
                <Select
                  label={t('campaigns.form.measure')}
                  withAsterisk
                  allowDeselect={false}
                  data={[
                    ...MEASURES.map(value => ({ value: value as string, label: names.measure(value) })),
                    ...(oneOfMeasures(form.getValues().measure)
                      ? []
                      : [{ value: form.getValues().measure, label: form.getValues().measure }]),
                  ]}
                  {...form.getInputProps('measure')}
                />
                <NumberInput
                  label={t('campaigns.form.baseline')}
                  withAsterisk
                  min={0}
                  hideControls
                  thousandSeparator=","
                  {...form.getInputProps('baseline')}
                />
                <NumberInput
                  label={t('campaigns.form.target')}
                  withAsterisk
                  min={0}
                  hideControls
                  thousandSeparator=","
                  {...form.getInputProps('target')}
                />
                <DatePickerInput label={t('campaigns.form.by')} withAsterisk {...dates} {...form.getInputProps('by')} />
              </SimpleGrid>
              <Textarea
                label={t('campaigns.form.method')}
                description={t('campaigns.form.methodAbout')}
                withAsterisk
                autosize
                minRows={2}
                {...form.getInputProps('method')}
              />
            </Stack>
          )}
        </section>
        {stages.map((stage, at) => (
          <section
            className="sheet"
            key={at}
            aria-label={stage.name || t('campaigns.form.stageNumber', { number: at + 1 })}
          >
            <Stack>
              <Group align="flex-end" wrap="nowrap">
                <TextInput
                  flex={1}
                  label={t('campaigns.form.stageNumber', { number: at + 1 })}
                  withAsterisk
                  {...form.getInputProps(`stages.${at}.name`)}
                />
                <ActionIcon
                  size={36}
                  variant="default"
                  aria-label={t('campaigns.form.removeStage', { stage: stage.name || at + 1 })}
                  onClick={() => form.removeListItem('stages', at)}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </Group>
              {stage.steps.map((_, index) => (
                <Group key={index} align="flex-end" gap="xs">
                  <TextInput
                    flex="3 1 200px"
                    label={t('campaigns.form.what')}
                    withAsterisk
                    {...form.getInputProps(`stages.${at}.steps.${index}.what`)}
                  />
                  <TextInput
                    flex="1 1 110px"
                    label={t('campaigns.form.owner')}
                    {...form.getInputProps(`stages.${at}.steps.${index}.owner`)}
                  />
                  <DatePickerInput
                    flex="1 1 150px"
                    label={t('campaigns.form.on')}
                    withAsterisk
                    {...dates}
                    {...form.getInputProps(`stages.${at}.steps.${index}.on`)}
                  />
                  <ActionIcon
                    size={36}
                    variant="subtle"
                    color="gray"
                    aria-label={t('campaigns.form.removeStep', { step: index + 1, stage: stage.name || at + 1 })}
                    onClick={() => form.removeListItem(`stages.${at}.steps`, index)}
                  >
                    <IconTrash size={16} />
                  </ActionIcon>
                </Group>
              ))}
              <Group>
                <Button
                  variant="default"
                  size="compact-md"
                  leftSection={<IconPlus size={14} />}
                  onClick={() =>
                    form.insertListItem(`stages.${at}.steps`, {
                      what: '',
                      owner: '',
                      on: form.getValues().days[0] ?? today,
                      done: false,
                    })
                  }
                >
                  {t('campaigns.form.addStep')}
                </Button>
              </Group>
            </Stack>
          </section>
        ))}
        <Group justify="space-between">
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            onClick={() => form.insertListItem('stages', { name: '', steps: [] })}
          >
            {t('campaigns.form.addStage')}
          </Button>
          <Group>
            <Button variant="default" onClick={() => (close ? close() : navigate({ to: '/campaigns', search: {} }))}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('common.save')}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  )
}

const oneOfMeasures = (measure: string) => (MEASURES as readonly string[]).includes(measure)

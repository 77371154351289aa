import { Button, Group, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask } from '../../api/client'
import { COUNTRIES, CURRENCIES, nameOfCountry, nameOfCurrency, ZONES } from '../../lib/places'
import { Failure } from '../../lib/States'
import { useCan, useLanguage, useSession } from '../../lib/session'
import { said } from '../../lib/Undo'

export function Business() {
  const { t } = useTranslation()
  const { tenant } = useSession()
  const language = useLanguage()
  const queries = useQueryClient()
  const may = useCan('tenant.write')
  const form = useForm({
    initialValues: {
      name: tenant.name,
      zone: tenant.zone,
      currency: tenant.currency,
      language: tenant.language,
      country: tenant.country,
    },
    validate: { name: value => (value.trim() ? null : t('form.needed')) },
  })
  type Values = typeof form.values
  const put = (body: Values) => ask(api.PUT('/api/v1/tenant', { body }))
  const save = useMutation({
    mutationFn: put,
    onSuccess: async () => {
      const before: Values = {
        name: tenant.name,
        zone: tenant.zone,
        currency: tenant.currency,
        language: tenant.language,
        country: tenant.country,
      }
      await queries.invalidateQueries()
      said(t('settings.saved'), async () => {
        await put(before)
        form.setValues(before)
        await queries.invalidateQueries()
      })
    },
  })
  const with_ = (list: string[], own: string) => (list.includes(own) ? list : [own, ...list])
  return (
    <form onSubmit={form.onSubmit(values => save.mutate(values))} noValidate>
      <Stack maw={640} className="sheet">
        {save.error && <Failure error={save.error} />}
        <TextInput label={t('settings.business.name')} withAsterisk disabled={!may} {...form.getInputProps('name')} />
        <Select
          label={t('settings.business.zone')}
          description={t('settings.business.zoneAbout')}
          searchable
          allowDeselect={false}
          disabled={!may}
          data={with_(ZONES, tenant.zone)}
          {...form.getInputProps('zone')}
        />
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <Select
            label={t('settings.business.currency')}
            searchable
            allowDeselect={false}
            disabled={!may}
            data={with_(CURRENCIES, tenant.currency).map(code => ({
              value: code,
              label: nameOfCurrency(code, language),
            }))}
            {...form.getInputProps('currency')}
          />
          <Select
            label={t('settings.business.country')}
            searchable
            allowDeselect={false}
            disabled={!may}
            data={with_(COUNTRIES, tenant.country).map(code => ({ value: code, label: nameOfCountry(code, language) }))}
            {...form.getInputProps('country')}
          />
          <Select
            label={t('settings.business.language')}
            allowDeselect={false}
            disabled={!may}
            data={[
              { value: 'zh', label: '中文' },
              { value: 'en', label: 'English' },
            ]}
            {...form.getInputProps('language')}
          />
        </SimpleGrid>
        {may && (
          <Group>
            <Button type="submit" loading={save.isPending}>
              {t('common.save')}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  )
}

// The days of one's own choice, in a calendar.
import { Button, Group, Modal, Text } from '@mantine/core'
import { DatePicker } from '@mantine/dates'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCalendar } from './dates'
import { type RangeSearch, todayIn } from './search'
import { useLocale } from './session'

interface Props {
  value: RangeSearch
  onChange: (range: RangeSearch) => void
  close: () => void
}

export function DaysDialog({ value, onChange, close }: Props) {
  const { t } = useTranslation()
  const { zone } = useLocale()
  const calendar = useCalendar()
  const today = todayIn(zone, new Date())
  const [days, setDays] = useState<[string | null, string | null]>([value.from ?? null, value.until ?? null])
  return (
    <Modal
      opened
      onClose={close}
      title={t('range.custom')}
      size="auto"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <DatePicker type="range" allowSingleDateInRange value={days} onChange={setDays} maxDate={today} {...calendar} />
      <Text size="sm" c="dimmed" mt="sm">
        {t('range.zone', { zone })}
      </Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button
          disabled={!days[0] || !days[1]}
          onClick={() => {
            if (!days[0] || !days[1]) return
            onChange({ range: 'custom', from: days[0], until: days[1] })
            close()
          }}
        >
          {t('range.show')}
        </Button>
      </Group>
    </Modal>
  )
}

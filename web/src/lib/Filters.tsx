// The filters that hold now, as chips: each can be taken off, or all at once.
import { ActionIcon, Badge, Button, Group } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

export interface Chip {
  key: string
  label: string
  remove: () => void
}

export function Filters({ chips, clear }: { chips: Chip[]; clear: () => void }) {
  const { t } = useTranslation()
  if (chips.length === 0) return null
  return (
    <Group gap={6} role="group" aria-label={t('filters.label')}>
      {chips.map(chip => (
        <Badge
          key={chip.key}
          size="lg"
          className="mark"
          rightSection={
            <ActionIcon
              size={24}
              variant="transparent"
              color="gray"
              aria-label={t('filters.remove', { filter: chip.label })}
              onClick={chip.remove}
            >
              <IconX size={14} />
            </ActionIcon>
          }
        >
          {chip.label}
        </Badge>
      ))}
      <Button size="compact-sm" variant="subtle" onClick={clear}>
        {t('filters.clear')}
      </Button>
    </Group>
  )
}

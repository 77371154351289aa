// The days that a page is about: chosen here, kept in the address, remembered for the next page.
import { Button, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCalendar, IconCheck, IconChevronDown } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDay } from './format'
import { daysOf, keepRange, PRESETS, type Preset, type RangeSearch, todayIn } from './search'
import { useLocale } from './session'

// The calendar is loaded when somebody wants it.
const DaysDialog = lazy(() => import('./DaysDialog').then(module => ({ default: module.DaysDialog })))

interface Props {
  value: RangeSearch
  onChange: (range: RangeSearch) => void
}

export function DateRange({ value, onChange }: Props) {
  const { t } = useTranslation()
  const { zone, language } = useLocale()
  const [opened, modal] = useDisclosure(false)
  const today = todayIn(zone, new Date())
  const current = daysOf(value, today)
  const preset = value.range ?? 'all'
  const label =
    preset === 'custom' && current.from && current.until
      ? `${formatDay(current.from, language)} – ${formatDay(current.until, language)}`
      : t(`range.${preset}`)
  const choose = (chosen: Preset) => {
    if (chosen === 'custom') return modal.open()
    keepRange(chosen)
    onChange({ range: chosen, from: undefined, until: undefined })
  }
  return (
    <>
      <Menu position="bottom-end" withinPortal returnFocus>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconCalendar size={16} stroke={1.6} />}
            rightSection={<IconChevronDown size={14} />}
            aria-label={t('range.label', { range: label })}
          >
            {label}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {PRESETS.map(one => (
            <Menu.Item
              key={one}
              onClick={() => choose(one)}
              rightSection={one === preset ? <IconCheck size={14} aria-label={t('common.chosen')} /> : null}
            >
              {t(`range.${one}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {opened && (
        <Suspense>
          <DaysDialog value={value} onChange={onChange} close={modal.close} />
        </Suspense>
      )}
    </>
  )
}

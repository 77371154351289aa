// A number that a person sees: never without its claim, its interval where it has one, and the way it was computed.
import { ActionIcon, Badge, Group, Popover, Stack, Text, Tooltip } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatInstant, formatValue, type UnitName } from './format'
import { useLanguage, useLocale } from './session'

export type Claim = 'measured' | 'correlated' | 'caused'

export interface FigureValue {
  value: number | null
  unit: UnitName | null
  currency: string | null
  low: number | null
  high: number | null
  level?: number | null
  n: number | null
  claim: Claim | null
  method: string
  as_of?: string | null
}

/** Writes a value of a unit, short for the page and exact for hover and files. */
export function useValueText() {
  const language = useLanguage()
  const { t } = useTranslation()
  return (value: number | null, unit: UnitName | null, currency: string | null): { short: string; exact: string } => {
    if (value === null) return { short: '–', exact: t('figure.unknown') }
    const text = formatValue(value, unit ?? 'count', currency ?? undefined, language)
    const worded = (part: string) => {
      if (unit === 'days') return t('figure.days', { value: part })
      if (unit === 'hours') return t('figure.hours', { value: part })
      if (unit === 'points') return t('figure.points', { value: part })
      return part
    }
    return {
      short: worded(text.short),
      exact: worded(unit === 'people' ? t('figure.people', { value: text.exact }) : text.exact),
    }
  }
}

const CLAIM_COLOURS: Record<Claim, string> = { measured: 'gray', correlated: 'orange', caused: 'pine' }

export function ClaimMark({ claim, size = 'sm' }: { claim: Claim; size?: 'xs' | 'sm' }) {
  const { t } = useTranslation()
  return (
    <Badge variant="outline" size={size} className={`claim claim-${claim}`} color={CLAIM_COLOURS[claim]}>
      {t(`figure.claim.${claim}`)}
    </Badge>
  )
}

/** The explanation that stands behind each figure. */
export function HowComputed({ figure, label, rows }: { figure: FigureValue; label: string; rows?: ReactNode }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const text = useValueText()
  const level = figure.level ?? 0.95
  return (
    <Popover width={320} position="bottom-start" withArrow shadow="md" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <ActionIcon variant="subtle" size="sm" color="gray" className="how" aria-label={t('figure.how', { label })}>
          <IconInfoCircle size={16} stroke={1.6} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('figure.how', { label })}>
        <Stack gap={8} tabIndex={-1} data-autofocus style={{ outline: 'none' }}>
          <Text fw={600} size="sm">
            {label}
          </Text>
          {/* The head of a column explains all of its figures and has none of its own. */}
          {(figure.value !== null || figure.n !== null) && (
            <Text size="sm">
              {t('figure.exactly')}{' '}
              <span className="number">{text(figure.value, figure.unit, figure.currency).exact}</span>
            </Text>
          )}
          {figure.method && <Text size="sm">{figure.method}</Text>}
          {figure.low !== null && figure.high !== null && (
            <Text size="sm">
              {t('figure.interval', {
                level: Math.round(level * 100),
                low: text(figure.low, figure.unit, figure.currency).short,
                high: text(figure.high, figure.unit, figure.currency).short,
              })}
            </Text>
          )}
          {figure.n !== null && <Text size="sm">{t('figure.n', { n: text(figure.n, 'count', null).exact })}</Text>}
          {figure.claim && (
            <Group gap={8} wrap="nowrap" align="flex-start">
              <ClaimMark claim={figure.claim} size="xs" />
              <Text size="xs" c="dimmed">
                {t(`figure.claimMeans.${figure.claim}`)}
              </Text>
            </Group>
          )}
          {figure.as_of && (
            <Text size="xs" c="dimmed">
              {t('figure.asOf', { at: formatInstant(figure.as_of, locale) })}
            </Text>
          )}
          {rows}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

interface Props {
  figure: FigureValue
  /** What the number is, in a few words. */
  label: string
  /** `big` stands alone on a page, `cell` in a table whose column explains it, `line` in a sentence. */
  form?: 'big' | 'cell' | 'line'
  /** The way to the rows behind it. */
  rows?: ReactNode
}

/** Is the number on the page rounded by so much that the exact one must be reachable by keyboard, too? */
const shortened = ({ value, unit }: FigureValue) => value !== null && unit !== 'share' && Math.abs(value) >= 10_000

export function Figure({ figure, label, form = 'big', rows }: Props) {
  const { t } = useTranslation()
  const text = useValueText()
  const shown = text(figure.value, figure.unit, figure.currency)
  const interval =
    figure.low !== null && figure.high !== null
      ? t('figure.range', {
          low: text(figure.low, figure.unit, figure.currency).short,
          high: text(figure.high, figure.unit, figure.currency).short,
        })
      : null
  const number = !shortened(figure) ? (
    <span className="number" title={shown.exact === shown.short ? undefined : shown.exact}>
      {shown.short}
    </span>
  ) : (
    <Tooltip label={shown.exact} events={{ hover: true, focus: true, touch: true }} withArrow>
      {/* The exact number must be reachable by keyboard, too. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: focus shows the exact number */}
      <span className="number inexact" tabIndex={0}>
        {shown.short}
      </span>
    </Tooltip>
  )
  if (form === 'cell') {
    return (
      <span className="figure-cell">
        {number}
        {interval && <span className="figure-range">{interval}</span>}
      </span>
    )
  }
  if (form === 'line') {
    return (
      <span className="figure-line">
        {number}
        {interval && <span className="figure-range">{interval}</span>}
        {figure.claim && <ClaimMark claim={figure.claim} size="xs" />}
        <HowComputed figure={figure} label={label} rows={rows} />
      </span>
    )
  }
  return (
    <div className="figure">
      <Group gap={4} wrap="nowrap" justify="space-between">
        <Text size="sm" c="dimmed">
          {label}
        </Text>
        <HowComputed figure={figure} label={label} rows={rows} />
      </Group>
      <div className="figure-value">{number}</div>
      <Group gap={8}>
        {interval && <span className="figure-range">{interval}</span>}
        {figure.n !== null && figure.low !== null && (
          <span className="figure-range">{t('figure.nShort', { n: text(figure.n, 'count', null).short })}</span>
        )}
        {figure.claim && <ClaimMark claim={figure.claim} size="xs" />}
      </Group>
    </div>
  )
}

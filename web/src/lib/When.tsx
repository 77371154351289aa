import { Tooltip } from '@mantine/core'
import { formatInstant, formatRelative } from './format'
import { useLocale } from './session'

/** A time as people say it; exactly, with its zone, on hover and focus. */
export function When({ at }: { at: string | null }) {
  const locale = useLocale()
  if (!at) return <>–</>
  return (
    <Tooltip label={formatInstant(at, locale)} events={{ hover: true, focus: true, touch: true }} withArrow>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: focus shows the exact time */}
      <time dateTime={at} tabIndex={0} className="number">
        {formatRelative(at, locale, new Date())}
      </time>
    </Tooltip>
  )
}

// The words for what the server names by a short slug: channels, media, kinds of touch, stages. A slug that is not known is
// somebody's own word and is shown as it is.
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { names as en } from '../locales/en/names'

type Table = keyof typeof en

function lookUp(t: TFunction, table: Table, slug: string): string {
  // Keys are looked up in the English table first, so that a stranger's word never becomes a path of keys.
  return Object.hasOwn(en[table], slug) ? t(`names.${table}.${slug}` as never) : slug
}

export function useNames() {
  const { t } = useTranslation()
  return {
    channel: (slug: string) => lookUp(t, 'channel', slug),
    medium: (slug: string) => lookUp(t, 'channel', slug),
    kind: (slug: string) => lookUp(t, 'kind', slug),
    stage: (slug: string) => lookUp(t, 'stage', slug),
    role: (slug: string) => lookUp(t, 'role', slug),
    permission: (slug: string) => lookUp(t, 'permission', slug.replace('.', ':')),
    identity: (slug: string) => lookUp(t, 'identity', slug),
    metric: (slug: string) => lookUp(t, 'metric', slug),
    measure: (slug: string) => lookUp(t, 'measure', slug),
    fileKind: (slug: string) => lookUp(t, 'fileKind', slug),
  }
}

export type Names = ReturnType<typeof useNames>

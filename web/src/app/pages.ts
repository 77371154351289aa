// The pages of the first screen: seven, in the order of a morning.
import {
  IconAddressBook,
  IconBroadcast,
  IconFileImport,
  IconFlag,
  IconMessage2,
  IconPlant2,
  IconSunrise,
} from '@tabler/icons-react'

export const PAGES = [
  { key: 'today', to: '/', letter: 't', icon: IconSunrise, permission: 'figures.read' },
  { key: 'contacts', to: '/contacts', letter: 'c', icon: IconAddressBook, permission: 'contacts.read' },
  { key: 'channels', to: '/channels', letter: 'h', icon: IconBroadcast, permission: 'figures.read' },
  { key: 'campaigns', to: '/campaigns', letter: 'a', icon: IconFlag, permission: 'figures.read' },
  { key: 'lifecycle', to: '/lifecycle', letter: 'l', icon: IconPlant2, permission: 'figures.read' },
  { key: 'posts', to: '/posts', letter: 'p', icon: IconMessage2, permission: 'figures.read' },
  { key: 'import', to: '/import', letter: 'i', icon: IconFileImport, permission: 'figures.read' },
] as const

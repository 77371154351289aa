// Keys: `?` shows them, `g` and a letter goes to a page, `/` goes to the search. Nothing while one types, and all of it can be
// switched off, for those whose voice or device types by accident.
import { Modal, Stack, Switch, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PAGES } from './pages'

const KEY = 'kith-keys'

export interface Help {
  opened: boolean
  open: () => void
  close: () => void
}

export function useShortcutHelp(): Help {
  const [opened, { open, close }] = useDisclosure(false)
  return { opened, open, close }
}

function read(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off'
  } catch {
    return true
  }
}

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
    target.closest('[role=dialog],[role=menu]') !== null)

export function Shortcuts({ help }: { help: Help }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [on, setOn] = useState(read)

  useEffect(() => {
    if (!on) return
    let going = 0
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return
      if (event.key === '?') {
        event.preventDefault()
        return help.open()
      }
      if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('[data-search]')
        if (!search) return
        event.preventDefault()
        return search.focus()
      }
      if (event.key === 'g') {
        going = Date.now()
        return
      }
      if (Date.now() - going > 1500) return
      going = 0
      if (event.key === 's') return void navigate({ to: '/settings', search: {} })
      const page = PAGES.find(one => one.letter === event.key)
      if (page) void navigate({ to: page.to, search: {} })
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [on, help.open, navigate])

  const rows: [string, string][] = [
    ['Ctrl K', t('keys.palette')],
    ['/', t('keys.search')],
    ['?', t('keys.help')],
    ...PAGES.map((page): [string, string] => [`g ${page.letter}`, t('keys.go', { page: t(`nav.${page.key}`) })]),
    ['g s', t('keys.go', { page: t('nav.settings') })],
  ]
  return (
    <Modal
      opened={help.opened}
      onClose={help.close}
      title={t('nav.shortcuts')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack>
        <Table aria-label={t('nav.shortcuts')}>
          <Table.Tbody>
            {rows.map(([keys, about]) => (
              <Table.Tr key={keys}>
                <Table.Td w={110}>
                  {keys.split(' ').map(key => (
                    <kbd className="key" key={key}>
                      {key}
                    </kbd>
                  ))}
                </Table.Td>
                <Table.Td>{about}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Switch
          label={t('keys.on')}
          checked={on}
          onChange={event => {
            const next = event.currentTarget.checked
            setOn(next)
            try {
              localStorage.setItem(KEY, next ? 'on' : 'off')
            } catch {
              // Not kept: it holds until the page is loaded again.
            }
          }}
        />
        <Text size="sm" c="dimmed">
          {t('keys.offAbout')}
        </Text>
      </Stack>
    </Modal>
  )
}

// Acts are done at once and can be taken back for eight seconds, instead of asking first.
import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { ApiError } from '../api/client'
import i18n from './i18n'

const SECONDS = 8

export function said(message: string, undo?: () => Promise<unknown> | unknown): void {
  const id = notifications.show({
    autoClose: SECONDS * 1000,
    icon: <IconCheck size={16} />,
    closeButtonProps: { 'aria-label': i18n.t('common.close') },
    message: (
      <Group justify="space-between" gap="sm" wrap="nowrap">
        <Text size="sm">{message}</Text>
        {undo && (
          <Button
            size="compact-sm"
            variant="light"
            onClick={async () => {
              notifications.hide(id)
              try {
                await undo()
                notifications.show({
                  message: i18n.t('common.undone'),
                  autoClose: 4000,
                  closeButtonProps: { 'aria-label': i18n.t('common.close') },
                })
              } catch (error) {
                failed(error)
              }
            }}
          >
            {i18n.t('common.undo')}
          </Button>
        )}
      </Group>
    ),
  })
}

export function failed(error: unknown): void {
  const problem = error instanceof ApiError ? error.problem : null
  notifications.show({
    color: 'red',
    autoClose: 12_000,
    icon: <IconAlertTriangle size={16} />,
    closeButtonProps: { 'aria-label': i18n.t('common.close') },
    title: problem?.title ?? i18n.t('common.error.unknown'),
    message: [problem?.detail, problem?.advice || i18n.t('common.error.unknownAdvice')].filter(Boolean).join(' '),
  })
}

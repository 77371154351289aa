// The states that every list has besides its data: loading, empty, error.
import { Alert, Button, Code, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client'

/** Says what will stand here, and one next step. */
export function Empty({ title, about, action }: { title: string; about: string; action?: ReactNode }) {
  return (
    <div className="empty" data-state="empty">
      <svg className="empty-mark" viewBox="0 0 64 48" aria-hidden="true">
        <path d="M32 12c-6-5-14-6-24-5v32c10-1 18 0 24 5 6-5 14-6 24-5V7c-10-1-18 0-24 5zm0 0v32" />
        <path d="M14 16c5 0 9 .6 12 2M14 24c5 0 9 .6 12 2" />
      </svg>
      <Title order={2} size="h3">
        {title}
      </Title>
      <Text c="dimmed" maw={460}>
        {about}
      </Text>
      {action}
    </div>
  )
}

/** What went wrong and what to do, in the server's words, with a way to try again. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation()
  const problem = error instanceof ApiError ? error.problem : null
  return (
    <Alert
      variant="default"
      className="failure"
      icon={<IconAlertTriangle />}
      title={problem?.title ?? t('common.error.unknown')}
      role="alert"
      data-state="error"
    >
      <Stack gap="xs">
        {problem?.detail && <Text size="sm">{problem.detail}</Text>}
        <Text size="sm">{problem?.advice || t('common.error.unknownAdvice')}</Text>
        <Group>
          {retry && (
            <Button size="xs" variant="default" onClick={retry}>
              {t('common.retry')}
            </Button>
          )}
          {problem?.request_id && (
            <Text size="xs" c="dimmed">
              {t('common.error.request')} <Code>{problem.request_id}</Code>
            </Text>
          )}
        </Group>
      </Stack>
    </Alert>
  )
}

/** Grey lines where the rows will be, so that nothing jumps. */
export function Waiting({ rows = 6, height = 44 }: { rows?: number; height?: number }) {
  const { t } = useTranslation()
  return (
    <div role="status" aria-busy="true" data-state="loading">
      <span className="sr-only">{t('common.loading')}</span>
      <Stack gap={8}>
        {Array.from({ length: rows }, (_, row) => (
          <Skeleton key={row} height={height} radius="sm" />
        ))}
      </Stack>
    </div>
  )
}

import { Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** The head of a page: what it is, one sentence what for, and what belongs to the whole page. */
export function PageHead({ title, about, children }: { title: ReactNode; about?: ReactNode; children?: ReactNode }) {
  return (
    <div className="page-head">
      <div>
        <Title order={1}>{title}</Title>
        {about && (
          <Text c="dimmed" component="p">
            {about}
          </Text>
        )}
      </div>
      {children}
    </div>
  )
}

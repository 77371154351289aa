// What changes on the server while a page is open arrives as events: figures are asked for again, imports show how far they are.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Schemas } from '../api/client'

export function useLive() {
  const queries = useQueryClient()
  useEffect(() => {
    const events = new EventSource('/api/v1/events')
    let timer: ReturnType<typeof setTimeout> | undefined
    events.addEventListener('store', () => {
      // A long import changes the store many times: once a second is enough.
      timer ??= setTimeout(() => {
        timer = undefined
        void queries.invalidateQueries({ predicate: query => query.queryKey[0] !== 'session' })
      }, 1000)
    })
    events.addEventListener('job', event => {
      const job = JSON.parse(event.data) as Schemas['Job']
      queries.setQueryData<Schemas['Job'][]>(['jobs'], jobs =>
        jobs?.some(one => one.job === job.job)
          ? jobs.map(one => (one.job === job.job ? job : one))
          : [job, ...(jobs ?? [])],
      )
      if (job.state === 'done' || job.state === 'failed') void queries.invalidateQueries({ queryKey: ['imports'] })
    })
    return () => {
      clearTimeout(timer)
      events.close()
    }
  }, [queries])
}

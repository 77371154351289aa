// Deciding that two are one, or not; and taking either back.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '../../api/client'
import { failed, said } from '../../lib/Undo'

function useSettle() {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ predicate: query => query.queryKey[0] !== 'session' })
}

function useForget() {
  const settle = useSettle()
  return (pair: Schemas['Pair']) => async () => {
    await ask(api.POST('/api/v1/merges/forget', { body: { one: pair.one, other: pair.other } }))
    await settle()
  }
}

export function useDecide() {
  const { t } = useTranslation()
  const settle = useSettle()
  const forget = useForget()
  return useMutation({
    mutationFn: ({ proposal, decision }: { proposal: Schemas['Merge']; decision: 'same' | 'different' }) =>
      ask(
        api.POST('/api/v1/merges/proposals/{number}/decision', {
          params: { path: { number: proposal.number } },
          body: { decision },
        }),
      ),
    onSuccess: (done, { decision }) =>
      said(t(decision === 'same' ? 'merges.areOne' : 'merges.areTwo'), forget(done.undo)),
    onError: failed,
    onSettled: settle,
  })
}

export function useUndoMerge() {
  const { t } = useTranslation()
  const settle = useSettle()
  const forget = useForget()
  return useMutation({
    mutationFn: (merge: Schemas['Merge']) =>
      ask(api.POST('/api/v1/merges/{number}/undo', { params: { path: { number: merge.number } } })),
    onSuccess: done => said(t('merges.areTwo'), forget(done.undo)),
    onError: failed,
    onSettled: settle,
  })
}

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask } from '../../api/client'
import { failed, said } from '../../lib/Undo'

export const STATE_MARK = {
  running: '',
  active: 'mark-good',
  undone: '',
  failed: 'mark-bad',
  interrupted: 'mark-warm',
} as const

/** Takes an import back, or brings it again; each is the other's undo. */
export function useUndoImport() {
  const queries = useQueryClient()
  const { t } = useTranslation()
  const call = (number: number, act: 'undo' | 'redo') =>
    act === 'undo'
      ? ask(api.POST('/api/v1/imports/{number}/undo', { params: { path: { number } } }))
      : ask(api.POST('/api/v1/imports/{number}/redo', { params: { path: { number } } }))
  const settle = () => queries.invalidateQueries()
  return useMutation({
    mutationFn: ({ number, act }: { number: number; act: 'undo' | 'redo' }) => call(number, act),
    onError: failed,
    onSuccess: (done, { number, act }) =>
      said(t(act === 'undo' ? 'import.wasUndone' : 'import.wasRedone', { file: done.file }), async () => {
        await call(number, act === 'undo' ? 'redo' : 'undo')
        await settle()
      }),
    onSettled: settle,
  })
}

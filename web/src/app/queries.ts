import { QueryClient } from '@tanstack/react-query'
import { ApiError } from '../api/client'

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // What the server refused it refuses again; a lost connection may come back.
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiError && error.problem.status >= 400 && error.problem.status < 500),
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
})

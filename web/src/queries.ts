import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './api.ts'

const retriesMax = 2
const staleMs = 2000

/** What the API answered to one token; another one starts with nothing. */
export function newQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: staleMs,
        // What the caller did wrong stays wrong; only a fault of the server or the way to it may pass.
        retry: (count, error) =>
          count < retriesMax && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      },
    },
  })
}

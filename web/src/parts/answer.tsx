import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ApiError } from '../api.ts'

type Props<T> = { query: UseQueryResult<T>; what: string; children: (data: T) => ReactNode }

/** What a query has brought: its data, that it is on the way, or why there is none. */
export function Answer<T>({ query, what, children }: Props<T>): ReactNode {
  if (query.data !== undefined)
    return (
      <>
        {query.isError ? (
          <Failure error={query.error} what={what} retry={() => void query.refetch()} />
        ) : null}
        {children(query.data)}
      </>
    )
  if (query.isError) return <Failure error={query.error} what={what} retry={() => void query.refetch()} />
  return (
    <p className="loading" role="status">
      {what}: loading …
    </p>
  )
}

type FailureProps = { error: Error; what: string; retry?: () => void }

export function Failure({ error, what, retry }: FailureProps): ReactNode {
  const requestId = error instanceof ApiError ? error.requestId : undefined
  return (
    <div className="failure" role="alert">
      <p>
        <strong>{what}:</strong> {error.message}
      </p>
      {requestId === undefined ? null : (
        <p>
          Request id <code>{requestId}</code>
        </p>
      )}
      {retry === undefined ? null : (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  )
}

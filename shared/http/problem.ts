import { AppError, errorTable } from '../errors.ts'
import { fieldErrors } from '../model/problems.ts'
import type { Reply } from './request.ts'

/**
 * An error as RFC 9457 `application/problem+json`. Complaints about fields are members of their own beside it,
 * `{"name": ["…"]}`, as NetBox clients read them; where a field has the name of a standard member (`status`), the
 * list of complaints stands there: RFC 9457 §3.1 has readers ignore a member of another type.
 * What is not an AppError is a bug and tells nothing.
 */
export function problemReply(error: unknown, requestId: string): Reply {
  const known = error instanceof AppError ? error : new AppError('internal')
  const { status, title } = errorTable[known.code]
  const { etag, allow, retryAfter, ...extra } = known.extra as {
    etag?: string
    allow?: readonly string[]
    retryAfter?: number
  }
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...(etag === undefined ? {} : { etag }),
      ...(allow === undefined ? {} : { allow: allow.join(', ') }),
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    },
    body: {
      type: `/problems/${known.code}`,
      title,
      status,
      detail: known.message,
      code: known.code,
      instance: requestId,
      ...(etag === undefined ? {} : { etag }),
      ...extra,
      ...fieldErrors(known.issues),
    },
  }
}

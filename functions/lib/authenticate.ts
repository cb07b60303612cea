import { authenticate } from '../../shared/users/authenticate.ts'
import type { Caller } from '../../shared/users/caller.ts'
import type { HttpRequest } from '../../shared/http/request.ts'
import type { Deps } from './deps.ts'

/** Who sent the request. @throws AppError `unauthenticated`. */
export const authenticateRequest = (
  { table, now, tokenUsage }: Deps,
  request: HttpRequest,
): Promise<Caller> =>
  authenticate(
    { table, now, usage: tokenUsage },
    {
      authorization: request.headers['authorization'],
      sourceAddress: request.sourceAddress,
      requestId: request.requestId,
    },
  )

import type { MiddlewareObj } from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { AppError, errorTable } from '../../shared/errors.ts'
import type { Area } from '../../shared/http/area.ts'
import { problemReply } from '../../shared/http/problem.ts'
import { writeReply } from './gateway.ts'
import { logger } from './log.ts'
import { traceOf } from './trace.ts'

type HttpMiddleware = MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>

/** The one place where an error becomes an answer. A fault of ours is logged whole and told to nobody. */
export const problems = ({ challenge }: Pick<Area, 'challenge'>): HttpMiddleware => ({
  onError: (request) => {
    const { error } = request
    const { requestId } = traceOf(request.event)
    const isOurFault = !(error instanceof AppError) || errorTable[error.code].status >= 500
    if (isOurFault) logger.error('request failed', { requestId, error: error ?? new Error('no error') })
    const reply = problemReply(error, requestId)
    const challenged = { ...reply.headers, 'www-authenticate': `${challenge} realm="netkeep"` }
    request.response = writeReply(reply.status === 401 ? { ...reply, headers: challenged } : reply)
  },
})

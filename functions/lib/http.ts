import { default as wrapHandler } from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import type { Job, NewJob } from '../../shared/core/jobs.ts'
import type { Area } from '../../shared/http/area.ts'
import { dispatch, type AnyHandler } from '../../shared/http/dispatch.ts'
import type { Handlers, Routes } from '../../shared/http/route.ts'
import { authenticateRequest } from './authenticate.ts'
import { deps, type Deps } from './deps.ts'
import { readEvent, writeReply } from './gateway.ts'
import { jobExecutions } from './job-executions.ts'
import { problems } from './problems.ts'
import { trace, traceOf } from './trace.ts'

export type HttpHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>

/**
 * The Lambda of one area: its models' endpoints by themselves, its operations by `handlersOf`.
 * ```ts
 * export const handler = httpLambda(usersArea, (deps) => ({
 *   createToken: async ({ body, caller, request }) => …,
 * }))
 * ```
 */
export function httpLambda<R extends Routes>(
  area: Area<R>,
  handlersOf: (deps: Deps) => Handlers<R>,
): HttpHandler {
  // The seam: the route table has decided which handler gets which parsed parts.
  const handlers = handlersOf(deps) as unknown as Readonly<Record<string, AnyHandler>>
  const answer = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const known = traceOf(event)
    const request = readEvent(event, known.requestId)
    const authenticate = async () => {
      const caller = await authenticateRequest(deps, request)
      Object.assign(known, { username: caller.username, tokenId: caller.tokenId })
      return caller
    }
    // Seldom needed: it is loaded then.
    const begin = async (asked: NewJob): Promise<Job> => {
      const { startJob } = await import('../../shared/core/job-control.ts')
      return startJob({ engine: deps.engine, executions: await jobExecutions() }, asked)
    }
    const door = { area, handlers, authenticate, startJob: begin, engineOf: () => deps.engine }
    const reply = writeReply(await dispatch(door, request))
    if (request.method === 'HEAD') delete reply.body
    return reply
  }
  const lambda = wrapHandler<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(trace())
    .use(problems(area))
    .handler(answer)
  return (event, context) => lambda(event, context)
}

import * as z from 'zod'
import { AppError, type Issue } from '../errors.ts'
import type { Engine } from '../model/engine.ts'
import { rejectQuery } from '../model/query.ts'
import { noSuch } from '../model/nearest.ts'
import { urlOf } from '../model/output.ts'
import type { Caller } from '../users/caller.ts'
import type { Area } from './area.ts'
import { readBytes, readJson } from './body.ts'
import { exportFormat, replyExport, type ExportCall } from './export-endpoint.ts'
import { matchPath, type Match } from './matching.ts'
import { modelMethods, permissionFor, replyForList, replyForObject } from './model-endpoints.ts'
import { replyImpact } from './model-impact.ts'
import type { HttpRequest, RawReply, Reply } from './request.ts'
import type { Route } from './route.ts'

/** A handler as the dispatcher calls it: the types of `Handlers` have done their work by then. */
export type AnyHandler = (given: {
  params: unknown
  query: unknown
  body: unknown
  caller: Caller | undefined
  request: HttpRequest
}) => Promise<unknown>

export type Dispatch = {
  area: Area
  /** Not built before it is needed: a function that has no models has no table either. */
  engineOf: () => Engine
  handlers: Readonly<Record<string, AnyHandler>>
  /** Begins what takes longer than an answer. */
  startJob: ExportCall['startJob']
  /** @throws AppError `unauthenticated`. */
  authenticate: (request: HttpRequest) => Promise<Caller>
}

/**
 * Answers one request of an area: what the path means, who asks, whether they may, and only then the work.
 * @throws AppError for everything that is not an answer.
 */
export async function dispatch(door: Dispatch, request: HttpRequest): Promise<Reply> {
  const match = matchPath(door.area, request.path)
  if (match === undefined) {
    const [{ absentAt }, { replyForAbsent }] = await Promise.all([
      import('./absent.ts'),
      import('./absent-endpoints.ts'),
    ])
    const absent = absentAt(request.path)
    if (absent !== undefined || door.area.isPublic !== true) await door.authenticate(request)
    if (absent !== undefined) return replyForAbsent(absent, request)
    throw new AppError('not_found', 'There is nothing at this path.')
  }
  const found = match.routes.find(({ route }) => route.method === methodOf(request))
  if (found !== undefined) return replyForRoute(door, request, found)
  const caller = door.area.isPublic === true ? undefined : await door.authenticate(request)
  const methods = methodsOf(match)
  if (!methods.includes(request.method)) {
    throw new AppError('method_not_allowed', `${request.method} is not allowed here.`, {
      extra: { allow: methods },
    })
  }
  if (caller !== undefined && match.model !== undefined && methodsOfModel(match).includes(request.method)) {
    allow(caller, request, permissionFor(match.model, request.method))
    const call = { engine: door.engineOf(), model: match.model, request, caller }
    const format = match.id === undefined && methodOf(request) === 'GET' ? exportFormat(request) : undefined
    if (format !== undefined) return replyExport({ ...call, startJob: door.startJob }, format)
    if (match.id === undefined) return replyForList(call)
    return match.isImpact ? replyImpact(call, match.id) : replyForObject(call, match.id)
  }
  if (match.isRoot) return { status: 200, body: areaRoot(door.area, request) }
  // What is left is OPTIONS of an operation.
  return { status: 204, headers: { allow: methods.join(', ') } }
}

const methodOf = ({ method }: HttpRequest): string => (method === 'HEAD' ? 'GET' : method)

function methodsOfModel({ model, id, isImpact }: Match): string[] {
  if (model === undefined) return []
  return isImpact ? ['GET', 'HEAD'] : modelMethods(model, id !== undefined)
}

function methodsOf(match: Match): string[] {
  const { routes, isRoot } = match
  const ofRoutes = routes.flatMap(({ route }) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]))
  return [
    ...new Set([...ofRoutes, ...methodsOfModel(match), ...(isRoot ? ['GET', 'HEAD'] : []), 'OPTIONS']),
  ].sort()
}

const areaRoot = (area: Area, { links }: HttpRequest): Record<string, string> =>
  Object.fromEntries(area.models.map((model) => [model.path, urlOf(links, model)]))

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** By the method, and by what is asked for: the address of another product may start something by a GET. */
const isReading = (method: string, permission: string, isQuestion: boolean): boolean =>
  (isQuestion || readingMethods.has(method)) &&
  (permission === 'authenticated' || permission.includes('.view_'))

/** @throws AppError `forbidden`. */
function allow(
  caller: Caller,
  { method }: HttpRequest,
  permission: Exclude<Route['permission'], 'public'>,
  isQuestion = false,
): void {
  if (!caller.writeEnabled && !isReading(method, permission, isQuestion))
    throw new AppError('forbidden', 'This token may only read.')
  if (permission !== 'authenticated' && !caller.can(permission))
    throw new AppError('forbidden', `This needs the permission ${permission}.`)
}

async function replyForRoute(
  door: Dispatch,
  request: HttpRequest,
  { name, route, params }: Match['routes'][number],
): Promise<Reply> {
  const caller = route.permission === 'public' ? undefined : await door.authenticate(request)
  if (caller !== undefined && route.permission !== 'public' && route.decides !== 'handler')
    allow(caller, request, route.permission, route.isQuestion)
  const handler = door.handlers[name]
  if (handler === undefined) throw new Error(`no handler for ${name}`)
  const given = {
    params: parsePath(route, params),
    query: parseQuery(route, request),
    body: parseBody(route, request),
    caller,
    request,
  }
  const answer = await handler(given)
  if (!isRaw(route, answer))
    return { status: route.status, ...(answer === undefined ? {} : { body: answer }) }
  const { status, headers, body } = answer
  return { status: status ?? route.status, headers, body }
}

/** Where a route has other media, an answer with headers of its own is one of them. */
const isRaw = ({ response, media }: Route, answer: unknown): answer is RawReply =>
  response === 'raw' ||
  (media !== undefined && typeof answer === 'object' && answer !== null && 'headers' in answer)

/** A part of the path that is not what it should be names nothing. */
function parsePath(route: Route, params: Record<string, string>): unknown {
  const parsed = (route.params ?? z.object({})).safeParse(params)
  if (!parsed.success) throw new AppError('not_found', 'There is nothing at this path.')
  return parsed.data
}

function parseQuery(route: Route, { query }: HttpRequest): unknown {
  const given = Object.fromEntries(
    [...query].map(([name, texts]) => [name, texts.length === 1 ? texts[0] : texts]),
  )
  const shape = route.query ?? z.object({})
  const known = Object.keys(shape.shape)
  const unknown = Object.keys(given).filter((name) => !known.includes(name))
  const parsed = shape.safeParse(given)
  rejectQuery(
    unknown.map((name) => ({ path: name, message: noSuch('parameter', name, known) })),
    parsed.success ? [] : issuesOf(parsed.error),
  )
  return parsed.data
}

function parseBody(route: Route, request: HttpRequest): unknown {
  if (route.body === undefined) return undefined
  if ('bytes' in route.body) return readBytes(request, route.body.bytes)
  const isLeftOut = request.body.length === 0 && route.body.safeParse(undefined).success
  const parsed = route.body.safeParse(isLeftOut ? undefined : readJson(request))
  if (!parsed.success) throw new AppError('validation_failed', undefined, { issues: issuesOf(parsed.error) })
  return parsed.data
}

const issuesOf = (error: z.ZodError): Issue[] =>
  error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }))

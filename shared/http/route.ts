import type * as z from 'zod'
import type { ErrorCode } from '../errors.ts'
import type { Permission } from '../model/define.ts'
import type { Caller } from '../users/caller.ts'
import type { HttpRequest, RawReply } from './request.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * An operation that is not one of a model's own. Declared in `shared/<area>/routes.ts`:
 * ```ts
 * export const runRoutes = {
 *   startRun: {
 *     method: 'POST', path: '/runs/', permission: 'backups.add_run', summary: 'Back up now',
 *     body: NewRun, status: 202, response: RunStarted, errors: ['validation_failed'],
 *   },
 *   configText: {
 *     method: 'GET', path: '/configs/{deviceId}/text/', permission: 'backups.view_config', summary: 'A configuration',
 *     params: z.object({ deviceId: z.coerce.number().int() }), status: 200, response: 'raw', errors: ['not_found'],
 *   },
 * } as const satisfies Routes
 * ```
 * and done in `functions/api/<area>.ts`:
 * ```ts
 * export const handler = httpLambda(backupsArea, (deps) => ({
 *   startRun: async ({ body, caller }) => startRun(deps, body, caller),
 *   configText: async ({ params }) => ({ headers: { 'content-type': 'text/plain; charset=utf-8' }, body: await … }),
 * }))
 * ```
 * Parameters and queries arrive as text: use `z.coerce` or `z.stringbool`. A repeated query parameter is an array.
 */
export type Route = {
  method: Method
  /** Below the area's base, with a slash at the end. `{id}` takes one part, `{rest+}` all that is left. */
  path: `/${string}`
  /** Everything needs one; `authenticated` answers whoever has a token, `public` anybody. */
  permission: Permission | 'authenticated' | 'public'
  summary: string
  /** The handler itself refuses who may not, for a refusal is to be noted as well. */
  decides?: 'handler'
  /** A POST that changes nothing: whoever may only read may ask it. */
  isQuestion?: true
  params?: z.ZodObject
  /** A parameter that is not in it is refused. */
  query?: z.ZodObject
  /** JSON, or with `bytes` the body as it came, of these content types. */
  body?: z.ZodType | { bytes: readonly string[] }
  status: 200 | 201 | 202 | 204
  /** `raw`: the handler answers headers and bytes itself. */
  response?: z.ZodType | 'raw'
  /** Other content types that it may answer instead, headers and all. */
  media?: readonly string[]
  errors: readonly ErrorCode[]
}

export type Routes = Readonly<Record<string, Route>>

type OutputOf<S> = S extends z.ZodType ? z.output<S> : Readonly<Record<string, never>>
type BodyOf<R extends Route> = R['body'] extends z.ZodType
  ? z.output<R['body']>
  : R['body'] extends { bytes: readonly string[] }
    ? Uint8Array
    : undefined
type CallerOf<R extends Route> = R['permission'] extends 'public' ? undefined : Caller
type ReplyOf<R extends Route> = PlainReplyOf<R> | (R['media'] extends readonly string[] ? RawReply : never)
type PlainReplyOf<R extends Route> = R['response'] extends 'raw'
  ? RawReply
  : R['response'] extends z.ZodType
    ? z.input<R['response']>
    : undefined

/** What a handler gets: parsed, and allowed. */
type Given<R extends Route> = {
  params: OutputOf<R['params']>
  query: OutputOf<R['query']>
  body: BodyOf<R>
  caller: CallerOf<R>
  request: HttpRequest
}

/** One function per route; a missing or extra one does not compile. */
export type Handlers<R extends Routes> = {
  [Name in keyof R]: (given: Given<R[Name]>) => Promise<ReplyOf<R[Name]>>
}

import { runInNewContext } from 'node:vm'
import * as z from 'zod'
import type { BehaviourResource, DistributionResource } from '../template/resources.ts'
import type { HttpAnswer } from './answer.ts'
import type { HttpRequest } from './payload.ts'

/** `routeKey` is missing where the HTTP API never saw the request. */
export type Answered = { answer: HttpAnswer; routeKey?: string }

export type Answering = (request: HttpRequest) => Promise<Answered>

/** Reads a file of a bucket as the distribution; what S3 answers, be it 200, 403 or 404. */
export type ReadFile = (bucket: string, key: string, ifNoneMatch: string | undefined) => Promise<HttpAnswer>

/** Puts the distribution of the template in front of its HTTP API: one origin for the site and the API. */
export function inFrontOf(
  api: Answering,
  distribution: DistributionResource,
  readFile: ReadFile,
): (request: HttpRequest) => Promise<Answered> {
  return async (request) => {
    const [path = '/'] = request.target.split('?')
    const behaviour = behaviourFor(distribution, path)
    if (!behaviour.methods.includes(request.method)) return { answer: withHeaders(behaviour, refused) }
    const { origin } = behaviour
    const { answer, ...rest } =
      'api' in origin
        ? await api(request)
        : { answer: await fileAnswer(origin.bucket, behaviour, request, readFile) }
    return { ...rest, answer: withHeaders(behaviour, answer) }
  }
}

const plain = (status: number, text: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  cookies: [],
  body: Buffer.from(`${text}\n`),
})

const refused = plain(403, 'This distribution is not configured to allow the HTTP request method.')
const functionFailed = plain(503, 'The CloudFront function of this path failed.')

/** The first behaviour whose pattern fits; the last one fits everything. */
function behaviourFor({ behaviours }: DistributionResource, path: string): BehaviourResource {
  const found = behaviours.find(({ pathPattern }) => fits(pathPattern, path)) ?? behaviours.at(-1)
  if (found === undefined) throw new Error('a distribution without behaviours')
  return found
}

function fits(pattern: string, path: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(path)
}

async function fileAnswer(
  bucket: string,
  { requestFunction }: BehaviourResource,
  { target, method, rawHeaders }: HttpRequest,
  readFile: ReadFile,
): Promise<HttpAnswer> {
  const [path = '/'] = target.split('?')
  const uri = requestFunction === undefined ? path : rewritten(requestFunction, method, path)
  if (uri === undefined) return functionFailed
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'if-none-match')
  return readFile(bucket, decoded(uri), at < 0 ? undefined : rawHeaders[at + 1])
}

/** A key that cannot be decoded is none of the bucket's: S3 then says so. */
function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri).slice(1)
  } catch {
    return uri.slice(1)
  }
}

/** CloudFront allows a function one millisecond of CPU; this bound only keeps a loop from hanging the runtime. */
const functionMsMax = 100

const Rewritten = z.object({ uri: z.string().startsWith('/') })

/**
 * Runs the function as CloudFront does: only `uri` is passed on, since it is all that a site has use for.
 * @returns undefined where the function fails, does not end, or answers no request.
 */
function rewritten(source: string, method: string, uri: string): string | undefined {
  const event = { version: '1.0', request: { method, uri, querystring: {}, headers: {}, cookies: {} } }
  try {
    const result: unknown = runInNewContext(
      `${source}\nhandler(event)`,
      { event },
      { timeout: functionMsMax },
    )
    return Rewritten.parse(result).uri
  } catch {
    return undefined
  }
}

function withHeaders({ headers }: BehaviourResource, answer: HttpAnswer): HttpAnswer {
  return { ...answer, headers: { ...answer.headers, ...headers } }
}
